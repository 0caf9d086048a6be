package ai.irmb.internal.config;

/** The classes that the name {@code Bottleneck} can mean in a model YAML. */
public enum BottleneckKind {
  /** YOLOv5's Bottleneck: a 1 × 1 and a 3 × 3 convolution. */
  STANDARD("standard"),
  /** The Bottleneck with an iRMB inside: two 3 × 3 convolutions and an iRMB. */
  IRMB("irmb");

  private final String text;

  BottleneckKind(String text) {
    this.text = text;
  }

  /** {@return the value of the YAML key {@code bottleneck}} */
  public String text() {
    return text;
  }
}
