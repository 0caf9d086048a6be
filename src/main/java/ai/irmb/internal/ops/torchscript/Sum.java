package ai.irmb.internal.ops.torchscript;

/** The sum of two values of one shape, written into either if nothing else reads it. */
record Sum() implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    String a = out.input(0);
    String b = out.input(1);
    if (out.canOverwrite(1)) {
      out.result("torch.add_(" + b + ", " + a + ")");
    } else if (out.canOverwrite(0)) {
      out.result("torch.add_(" + a + ", " + b + ")");
    } else {
      out.result("torch.add(" + a + ", " + b + ")");
    }
  }
}
