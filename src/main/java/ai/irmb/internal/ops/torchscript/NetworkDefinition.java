package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** A network as a function from the image to its outputs, written with the operations. */
@FunctionalInterface
public interface NetworkDefinition {
  /** {@return the outputs; the levels of the detection head first} */
  List<Symbol> forward(ScriptOps ops, Symbol image);
}
