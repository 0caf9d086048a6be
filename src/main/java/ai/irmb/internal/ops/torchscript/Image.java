package ai.irmb.internal.ops.torchscript;

/** The argument of the program: the image as the backend wants its maps. */
record Image() implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    out.result("x");
  }

  @Override
  public boolean allocates() {
    return false;
  }
}
