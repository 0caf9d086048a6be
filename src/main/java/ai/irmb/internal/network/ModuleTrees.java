package ai.irmb.internal.network;

import ai.irmb.block.ModuleTree;
import ai.irmb.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Questions to a module tree as a whole. */
final class ModuleTrees {
  /** Buffers that no reader needs; files may have them or not. */
  private static final Set<String> OPTIONAL = Set.of("num_batches_tracked", "anchor_grid");

  private static final Set<String> BUFFERS =
      Set.of("num_batches_tracked", "anchor_grid", "running_mean", "running_var", "anchors");

  private ModuleTrees() {}

  /** Visits a module and all below it, with their paths. */
  static void walk(ModuleTree tree, String path, BiConsumer<String, ModuleTree> visit) {
    visit.accept(path, tree);
    tree.children()
        .forEach((name, child) -> walk(child, path.isEmpty() ? name : path + "." + name, visit));
  }

  /** {@return the number of modules, this one included, counted no further than {@code most}} */
  static int count(ModuleTree tree, int most) {
    int count = 1;
    for (ModuleTree child : tree.children().values()) {
      if (count >= most) {
        return most;
      }
      count += count(child, most - count);
    }
    return count;
  }

  /** {@return the shape of every parameter and buffer that a network needs, by key} */
  static Map<String, Shape> tensors(ModuleTree tree, String path) {
    Map<String, Shape> all = new LinkedHashMap<>();
    walk(
        tree,
        path,
        (at, module) ->
            module
                .tensors()
                .forEach(
                    (name, shape) -> {
                      if (!OPTIONAL.contains(name)) {
                        all.put(at.isEmpty() ? name : at + "." + name, shape);
                      }
                    }));
    return all;
  }

  /** {@return whether a key names a buffer that files may have or not} */
  static boolean isOptional(String key) {
    return OPTIONAL.contains(key.substring(key.lastIndexOf('.') + 1));
  }

  /** {@return the number of trained parameters, buffers not counted} */
  static long parameters(ModuleTree tree) {
    long[] sum = {0};
    walk(
        tree,
        "",
        (path, module) ->
            module
                .tensors()
                .forEach(
                    (name, shape) -> {
                      if (!BUFFERS.contains(name)) {
                        sum[0] += shape.elements();
                      }
                    }));
    return sum[0];
  }
}
