package ai.irmb.internal.ops.torchscript;

/** Values one after the other along an axis. */
record Concat(int axis) implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    out.result("torch.cat([" + String.join(", ", out.inputs()) + "], " + axis + ")");
  }
}
