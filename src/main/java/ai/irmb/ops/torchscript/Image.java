package ai.irmb.ops.torchscript;

/** The argument of the program: the picture as the backend wants its maps. */
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
