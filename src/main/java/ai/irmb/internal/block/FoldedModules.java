package ai.irmb.internal.block;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.tensor.HostTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A network whose batch norms are folded into the convolutions before them, wherever a module of
 * the library's own puts one right behind the other; other norms stay. The folded numbers are the
 * ones that compiled execution works with: worked out in double, kept in single precision.
 * Immutable.
 *
 * @param tree the modules without the folded norms
 * @param weights as {@code tree} has them
 */
public record FoldedModules(ModuleTree tree, StateDict weights) {
  private static final Set<String> NORMS = Set.of("BatchNorm2d", "SyncBatchNorm");

  /** The classes with a convolution and a norm in a row, and what they call the norm. */
  private static final Map<String, String> NORM_OF =
      Map.of("Conv", "bn", "DWConv", "bn", "ConvNormAct", "norm");

  /** Checks that nothing is missing. */
  public FoldedModules {
    requireNonNull(tree, "tree");
    requireNonNull(weights, "weights");
  }

  /**
   * {@return the network, folded; one without such norms is as it was}
   *
   * @throws ai.irmb.error.WeightsException if a convolution and its norm do not fit
   */
  public static FoldedModules of(ModuleTree tree, StateDict weights) {
    Walk walk = new Walk(weights);
    ModuleTree without = walk.fold(tree, "");
    Map<String, HostTensor> kept = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (key, tensor) -> {
              String module = key.substring(0, Math.max(key.lastIndexOf('.'), 0));
              Conv2dParams conv = walk.convolutions.get(module);
              if (conv != null) {
                kept.put(module + ".weight", conv.weight().load());
                kept.put(module + ".bias", requireNonNull(conv.bias(), "bias").load());
              } else if (!walk.norms.contains(module)) {
                kept.put(key, tensor);
              }
            });
    return new FoldedModules(without, new StateDict(weights.source(), kept));
  }

  /** One walk through a tree, which notes what it folds. */
  private static final class Walk {
    private final StateDict weights;
    private final Map<String, Conv2dParams> convolutions = new HashMap<>();
    private final Set<String> norms = new HashSet<>();

    Walk(StateDict weights) {
      this.weights = weights;
    }

    ModuleTree fold(ModuleTree tree, String path) {
      Map<String, ModuleTree> children = new LinkedHashMap<>();
      tree.children()
          .forEach(
              (name, child) ->
                  children.put(name, fold(child, path.isEmpty() ? name : path + "." + name)));
      String name = NORM_OF.getOrDefault(tree.simpleName(), "");
      ModuleTree conv = children.get("conv");
      ModuleTree norm = children.get(name);
      if (conv != null && norm != null && NORMS.contains(norm.simpleName())) {
        ModuleScope scope =
            ModuleScope.of(BlockRegistry.standard(), weights, tree, path, "the network");
        convolutions.put(
            path + ".conv",
            Folding.of(scope.child(name))
                .into(scope.child("conv").conv2d(Activation.IDENTITY), Activation.IDENTITY));
        norms.add(path + "." + name);
        children.put("conv", TorchModules.withBias(conv));
        // A Conv may be without its norm, a ConvNormAct has one that does nothing.
        if (name.equals("bn")) {
          children.remove(name);
        } else {
          children.put(name, TorchModules.identity());
        }
      }
      return new ModuleTree(tree.className(), tree.attributes(), tree.tensors(), children);
    }
  }
}
