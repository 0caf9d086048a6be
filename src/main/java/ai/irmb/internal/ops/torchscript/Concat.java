package ai.irmb.internal.ops.torchscript;

/** Values one after the other along an axis. */
record Concat(int axis) implements Step {
  @Override
  public void print(Statement out) {
    out.result("torch.cat([" + String.join(", ", out.inputs()) + "], " + axis + ")");
  }
}
