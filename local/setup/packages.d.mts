export declare function packagesInstalled(root: string): boolean;
