/** Detects objects, on the module path. */
module example {
  requires ai.irmb;
}
