package ai.irmb.internal.ops.torchscript;

/** A run of the channels: a view. */
record Channels(int from, int length) implements Step {
  @Override
  public void print(Statement out) {
    out.result(Code.narrow(out.input(0), 1, from, length));
  }

  @Override
  public boolean allocates() {
    return false;
  }
}
