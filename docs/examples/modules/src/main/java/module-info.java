/** An application on the module path. */
module example {
  requires ai.irmb;
}
