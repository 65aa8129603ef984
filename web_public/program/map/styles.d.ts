/** esbuild puts the styles that a program imports into a sheet beside it. */
declare module "*.css";
