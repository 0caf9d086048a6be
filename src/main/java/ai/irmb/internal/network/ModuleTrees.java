package ai.irmb.internal.network;

import ai.irmb.block.ModuleTree;
import ai.irmb.tensor.Shape;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Traversal, counts and shapes of module trees. */
final class ModuleTrees {
  /** Buffers that no reader needs; a file may contain them. */
  private static final Set<String> OPTIONAL = Set.of("num_batches_tracked", "anchor_grid");

  private static final Set<String> BUFFERS =
      Set.of("num_batches_tracked", "anchor_grid", "running_mean", "running_var", "anchors");

  private ModuleTrees() {}

  /** Visits a module and its descendants with their paths. */
  static void forEach(ModuleTree tree, String path, BiConsumer<String, ModuleTree> visit) {
    visit.accept(path, tree);
    tree.children()
        .forEach((name, child) -> forEach(child, path.isEmpty() ? name : path + "." + name, visit));
  }

  /** {@return the number of modules, this one included, or {@code max} if there are more} */
  static int count(ModuleTree tree, int max) {
    int count = 1;
    for (ModuleTree child : tree.children().values()) {
      if (count >= max) {
        return max;
      }
      count += count(child, max - count);
    }
    return count;
  }

  /** {@return the shape of every parameter and buffer that a network needs, by key} */
  static Map<String, Shape> shapes(ModuleTree tree, String path) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    forEach(
        tree,
        path,
        (at, module) ->
            module
                .tensors()
                .forEach(
                    (name, shape) -> {
                      if (!OPTIONAL.contains(name)) {
                        shapes.put(at.isEmpty() ? name : at + "." + name, shape);
                      }
                    }));
    return shapes;
  }

  /** {@return whether a key is that of a buffer that a file need not contain} */
  static boolean isOptional(String key) {
    return OPTIONAL.contains(key.substring(key.lastIndexOf('.') + 1));
  }

  /**
   * {@return the number of trained parameters, without buffers}
   *
   * @param counted the activations with parameters that were counted, by identity: modules share
   *     them, and they count once; those of this tree are added
   * @throws ArithmeticException if it does not fit 64 bits
   */
  static long parameters(ModuleTree tree, Set<ModuleTree> counted) {
    long[] sum = {0};
    forEach(
        tree,
        "",
        (path, module) -> {
          if (module.simpleName().equals("PReLU") && !counted.add(module)) {
            return;
          }
          module
              .tensors()
              .forEach(
                  (name, shape) -> {
                    if (!BUFFERS.contains(name)) {
                      sum[0] = Math.addExact(sum[0], shape.elements());
                    }
                  });
        });
    return sum[0];
  }

  /** {@return the module with one instance in the place of all submodules that are equal to it} */
  static ModuleTree withShared(ModuleTree tree, ModuleTree shared) {
    if (shared.tensors().isEmpty()) {
      return tree;
    }
    Map<String, ModuleTree> children = new LinkedHashMap<>();
    tree.children()
        .forEach(
            (name, child) ->
                children.put(name, child.equals(shared) ? shared : withShared(child, shared)));
    return tree.withChildren(children);
  }

  /** {@return an empty set of modules by identity} */
  static Set<ModuleTree> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
