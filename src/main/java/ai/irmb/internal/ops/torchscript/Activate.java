package ai.irmb.internal.ops.torchscript;

import ai.irmb.ops.Activation;

/** An activation on its own, in place where nothing else reads the input. */
record Activate(Activation activation) implements Instruction {
  @Override
  public void print(InstructionPrinter out) {
    out.result(Activations.call(out, out.input(0), activation, out.canOverwrite(0)));
  }
}
