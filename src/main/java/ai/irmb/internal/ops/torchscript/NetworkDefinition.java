package ai.irmb.internal.ops.torchscript;

import java.util.List;

/** A way through a network, from the image to the results. */
@FunctionalInterface
public interface NetworkDefinition {
  /** {@return the results; those of detection heads first} */
  List<Symbol> forward(ScriptOps ops, Symbol image);
}
