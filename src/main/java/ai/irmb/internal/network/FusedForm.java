package ai.irmb.internal.network;

import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
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
      children.put("conv", TorchModules.withBias(conv));
    }
    return new ModuleTree(tree.className(), tree.attributes(), tree.tensors(), children);
  }
}
