declare module 'asl-validator' {
  function validate(definition: object): { readonly isValid: boolean; errorsText(separator: string): string };
  export default validate;
}
