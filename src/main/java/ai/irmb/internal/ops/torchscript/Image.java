package ai.irmb.internal.ops.torchscript;

/** The argument of the program: the image as the backend wants its maps. */
record Image() implements Step {
  @Override
  public void print(Statement out) {
    out.result("x");
  }

  @Override
  public boolean allocates() {
    return false;
  }
}
