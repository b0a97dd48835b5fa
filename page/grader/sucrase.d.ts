/** Sucrase's parser, which its transformation uses; its types are in another folder of the package. */
declare module "sucrase/dist/esm/parser/index.js" {
  export { parse, type File } from "sucrase/dist/types/parser/index.js";
}
declare module "sucrase/dist/esm/parser/tokenizer/types.js" {
  export { TokenType } from "sucrase/dist/types/parser/tokenizer/types.js";
}
