package ai.irmb.internal.block;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.internal.block.yolo.BatchNorm;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network whose batch norms are folded into the convolutions before them. Only a norm directly
 * after a convolution in a {@code Conv}, {@code DWConv} or {@code ConvNormAct} is folded; other
 * norms stay. The weights are those of compiled execution: computed in double precision, rounded to
 * single precision. Immutable.
 *
 * @param tree the modules without the folded norms
 * @param weights the weights that {@code tree} needs
 */
public record FoldedNetwork(ModuleTree tree, StateDict weights) {
  private static final Set<String> NORMS = Set.of("BatchNorm2d", "SyncBatchNorm");

  /** The classes with a convolution and a norm, and the name of the norm in them. */
  private static final Map<String, String> NORM_OF =
      Map.of("Conv", "bn", "DWConv", "bn", "ConvNormAct", "norm");

  /** Rejects null. */
  public FoldedNetwork {
    requireNonNull(tree, "tree");
    requireNonNull(weights, "weights");
  }

  /**
   * {@return the folded network}
   *
   * @throws ai.irmb.error.WeightsException if a convolution and its norm do not fit
   */
  public static FoldedNetwork of(ModuleTree tree, StateDict weights) {
    Folding folding = new Folding(weights);
    ModuleTree folded = folding.fold(tree, "");
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (key, tensor) -> {
              String module = key.substring(0, Math.max(key.lastIndexOf('.'), 0));
              Conv2dParams conv = folding.convolutions.get(module);
              if (conv != null) {
                tensors.put(module + ".weight", conv.weight().load());
                tensors.put(module + ".bias", requireNonNull(conv.bias(), "bias").load());
              } else if (!folding.norms.contains(module)) {
                tensors.put(key, tensor);
              }
            });
    return new FoldedNetwork(folded, new StateDict(weights.source(), tensors));
  }

  /**
   * {@return the modules for weights whose norms were folded before they were saved}
   *
   * <p>Decided per convolution: it has a bias in the weights and its norm has no weight.
   *
   * @param path of the module
   * @param keys of the weights
   */
  public static ModuleTree matchKeys(ModuleTree module, String path, Set<String> keys) {
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    module
        .children()
        .forEach((name, child) -> children.put(name, matchKeys(child, path + "." + name, keys)));
    ModuleTree conv = children.get("conv");
    if (conv != null
        && children.containsKey("bn")
        && !keys.contains(path + ".bn.weight")
        && keys.contains(path + ".conv.bias")) {
      removeNorm(children, conv, "bn");
    }
    return module.withChildren(children);
  }

  /** A Conv may lack its norm; a ConvNormAct always has one, so an identity replaces it. */
  private static void removeNorm(
      Map<String, ModuleTree> children, ModuleTree conv, String normName) {
    Map<String, Shape> tensors = new LinkedHashMap<>(conv.tensors());
    Shape weight = tensors.get("weight");
    if (weight != null) {
      tensors.put("bias", Shape.of(weight.get(0)));
    }
    children.put(
        "conv", new ModuleTree(conv.className(), conv.attributes(), tensors, conv.children()));
    if (normName.equals("bn")) {
      children.remove(normName);
    } else {
      children.put(normName, TorchModules.identity());
    }
  }

  /** One traversal of a network, with the convolutions and norms that it has folded. */
  private static final class Folding {
    private final StateDict weights;
    private final Map<String, Conv2dParams> convolutions = new HashMap<>();
    private final Set<String> norms = new HashSet<>();

    Folding(StateDict weights) {
      this.weights = weights;
    }

    ModuleTree fold(ModuleTree module, String path) {
      Map<String, ModuleTree> children = new LinkedHashMap<>();
      module
          .children()
          .forEach(
              (name, child) ->
                  children.put(name, fold(child, path.isEmpty() ? name : path + "." + name)));
      String normName = NORM_OF.getOrDefault(module.simpleName(), "");
      ModuleTree conv = children.get("conv");
      @Nullable ModuleTree norm = children.get(normName);
      if (conv != null && norm != null && NORMS.contains(norm.simpleName())) {
        CheckedModuleScope scope =
            new CheckedModuleScope(BlockRegistry.standard(), weights, module, path, "the network");
        convolutions.put(
            path + ".conv",
            BatchNorm.of(scope.child(normName))
                .foldInto(scope.child("conv").conv2d(Activation.IDENTITY), Activation.IDENTITY));
        norms.add(path + "." + normName);
        removeNorm(children, conv, normName);
      }
      return module.withChildren(children);
    }
  }
}
