package ai.irmb.internal.ops.torchscript;

/** How a value is made from others. Immutable. */
interface Instruction {
  /** Prints the statements that make the value. */
  void print(InstructionPrinter out);

  /**
   * {@return whether the value is memory of its own that nothing else sees, so that its only reader
   * may write into it}
   */
  default boolean allocates() {
    return true;
  }
}
