package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import ai.irmb.module.ModuleTree;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.tensor.HostTensor;
import ai.irmb.weights.StateDict;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
   * {@return the network, folded}
   *
   * @throws ai.irmb.error.WeightsException if a convolution and its norm do not fit
   */
  public static FoldedModules of(ModuleTree tree, StateDict weights) {
    Map<String, Conv2dParams> folded = new HashMap<>();
    ModuleTree without = new Walk(weights, folded).fold(tree, "");
    Map<String, HostTensor> kept = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (key, tensor) -> {
              Conv2dParams conv = folded.get(parent(key));
              if (conv == null) {
                if (!NORM_OF.containsValue(last(parent(key)))
                    || !folded.containsKey(parent(parent(key)) + ".conv")) {
                  kept.put(key, tensor);
                }
              } else if (last(key).equals("weight")) {
                kept.put(key, conv.weight().load());
                kept.put(parent(key) + ".bias", requireNonNull(conv.bias(), "bias").load());
              }
            });
    return new FoldedModules(without, new StateDict(weights.source(), kept));
  }

  private static String parent(String key) {
    return key.substring(0, Math.max(key.lastIndexOf('.'), 0));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /**
   * One walk through a tree.
   *
   * @param folded gets the convolutions by their path
   */
  private record Walk(StateDict weights, Map<String, Conv2dParams> folded) {
    ModuleTree fold(ModuleTree tree, String path) {
      Map<String, ModuleTree> children = new LinkedHashMap<>();
      tree.children()
          .forEach(
              (name, child) ->
                  children.put(name, fold(child, path.isEmpty() ? name : path + "." + name)));
      String norm = foldable(tree);
      if (norm != null) {
        ModuleScope scope =
            ModuleScope.of(BlockRegistry.standard(), weights, tree, path, "the network");
        folded.put(
            path + ".conv",
            Folding.of(scope.child(norm))
                .into(scope.child("conv").conv2d(Activation.IDENTITY), Activation.IDENTITY));
        children.computeIfPresent("conv", (name, conv) -> Modules.withBias(conv));
        if (norm.equals("bn")) {
          children.remove(norm);
        } else {
          children.put(norm, Modules.identity());
        }
      }
      return new ModuleTree(tree.className(), tree.attributes(), tree.tensors(), children);
    }

    private static @Nullable String foldable(ModuleTree tree) {
      String name = NORM_OF.get(tree.simpleName());
      ModuleTree conv = tree.children().get("conv");
      ModuleTree norm = name == null ? null : tree.children().get(name);
      boolean both =
          conv != null
              && norm != null
              && conv.simpleName().equals("Conv2d")
              && NORMS.contains(norm.simpleName());
      return both ? name : null;
    }
  }
}
