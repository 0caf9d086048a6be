package ai.irmb;

/** How a network is run. */
public enum ExecutionMode {
  /** As one generated program: the fast way, and the default. */
  COMPILED,
  /** One operation after the other, in PyTorch's own order: the reference. */
  EAGER
}
