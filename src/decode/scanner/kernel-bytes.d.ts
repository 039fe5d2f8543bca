// The compiled scanner: `npm run build` makes the module beside this from the folder `kernel`.

/** A WebAssembly module in base64, so that reading it touches no file. */
export declare const KERNEL: string
