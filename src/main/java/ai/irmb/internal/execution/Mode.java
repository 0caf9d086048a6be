package ai.irmb.internal.execution;

/** How a network is run. */
public enum Mode {
  /** As one generated program: the fast way. */
  COMPILED,
  /** One operation after the other: the reference. */
  EAGER
}
