package ai.irmb.network;

import ai.irmb.module.ModuleTree;
import ai.irmb.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Follows weights whose batch norms were folded before they were saved: a convolution then has a
 * bias, and the norm is not there. Decided convolution by convolution, since a file can hold both.
 */
final class FusedForm {
  private FusedForm() {}

  /** {@return the tree as these keys have it} */
  static ModuleTree of(ModuleTree tree, String path, Set<String> keys) {
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    tree.children()
        .forEach((name, child) -> children.put(name, of(child, path + "." + name, keys)));
    ModuleTree conv = children.get("conv");
    if (conv != null
        && children.containsKey("bn")
        && !keys.contains(path + ".bn.weight")
        && keys.contains(path + ".conv.bias")) {
      children.remove("bn");
      children.put("conv", withBias(conv));
    }
    return new ModuleTree(tree.className(), tree.attributes(), tree.tensors(), children);
  }

  private static ModuleTree withBias(ModuleTree conv) {
    Map<String, Shape> tensors = new LinkedHashMap<>(conv.tensors());
    Shape weight = tensors.get("weight");
    if (weight != null) {
      tensors.put("bias", Shape.of(weight.get(0)));
    }
    return new ModuleTree(conv.className(), conv.attributes(), tensors, conv.children());
  }
}
