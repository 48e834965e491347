export declare function onSuddenEnd(cleanUp: (failed: boolean) => void): () => void;
