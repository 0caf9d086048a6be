package ai.irmb.internal.config;

/** Which class {@code Bottleneck} names. */
public enum BottleneckKind {
  /** Upstream's: a 1 × 1 and a 3 × 3 convolution. */
  STANDARD("standard"),
  /** The document's: two 3 × 3 convolutions and an iRMB. */
  IRMB("irmb");

  private final String text;

  BottleneckKind(String text) {
    this.text = text;
  }

  /** {@return the word in a YAML} */
  public String text() {
    return text;
  }
}
