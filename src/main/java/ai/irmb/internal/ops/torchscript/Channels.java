package ai.irmb.internal.ops.torchscript;

/** A run of the channels: a view. */
record Channels(int from, int length) implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    out.result(TorchScript.narrow(out.input(0), 1, from, length));
  }

  @Override
  public boolean allocates() {
    return false;
  }
}
