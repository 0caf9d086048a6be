package ai.irmb;

/** How a network is run. */
public enum ExecutionMode {
  /** As one program that is generated for each input size: the fast way, and the default. */
  COMPILED,
  /** One operation after the other, in PyTorch's own order: the reference. */
  EAGER
}
