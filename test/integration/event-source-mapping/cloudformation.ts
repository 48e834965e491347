import { type AwsPlace, queryAws } from '../../../local/region/call-aws.ts';
import { eventually } from './eventually.ts';
import { awsPlace } from './region.ts';

const version = '2010-05-15';

/** CloudFormation's query API, as far as one stack needs it. The local endpoint does not check signatures. */
export class Stack implements AsyncDisposable {
  readonly name: string;
  readonly #place: AwsPlace;

  /** @param place default: the shared source region */
  constructor(name: string, place = awsPlace()) {
    this.name = name;
    this.#place = place;
  }

  async create(resources: object, outputs: object = {}): Promise<void> {
    await this.#send('CreateStack', resources, outputs);
    await this.#until('CREATE_COMPLETE');
  }
  async update(resources: object, outputs: object = {}): Promise<void> {
    await this.#send('UpdateStack', resources, outputs);
    await this.#until('UPDATE_COMPLETE');
  }
  async delete(): Promise<void> {
    await this.#call({ Action: 'DeleteStack', StackName: this.name });
    await eventually(
      () => this.#describe().catch(String),
      (seen) => seen.includes('does not exist') || seen.includes('DELETE_COMPLETE'),
    );
  }
  /** @throws Error when the stack has no such output */
  async output(name: string): Promise<string> {
    const found = new RegExp(`<OutputKey>${name}</OutputKey><OutputValue>(.*?)</OutputValue>`).exec(
      await this.#describe(),
    );
    if (found?.[1] === undefined) throw new Error(`Stack ${this.name} has no output ${name}`);
    return found[1];
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.delete();
  }

  async #send(Action: string, Resources: object, Outputs: object): Promise<void> {
    const TemplateBody = JSON.stringify({ Resources, ...(Object.keys(Outputs).length > 0 ? { Outputs } : {}) });
    await this.#call({ Action, StackName: this.name, TemplateBody });
  }
  #describe(): Promise<string> {
    return this.#call({ Action: 'DescribeStacks', StackName: this.name });
  }
  async #until(status: string): Promise<void> {
    const seen = await eventually(
      () => this.#describe(),
      (text) => /<StackStatus>\w+_(COMPLETE|FAILED)</.test(text),
    );
    if (!seen.includes(`<StackStatus>${status}<`)) {
      throw new Error(
        `Stack ${this.name}: ${await this.#call({ Action: 'DescribeStackEvents', StackName: this.name })}`,
      );
    }
  }

  #call(parameters: Record<string, string>): Promise<string> {
    return queryAws('cloudformation', { ...parameters, Version: version }, this.#place);
  }
}
