package ai.irmb.internal.checkpoint;

import java.util.Map;

/** The modules that may wrap a network in a checkpoint, such as DataParallel. */
final class ModuleWrappers {
  private static final Map<String, String> CHILD_BY_CLASS =
      Map.of(
          "DataParallel", "module",
          "DistributedDataParallel", "module",
          "autoShape", "model",
          "AutoShape", "model",
          "DetectMultiBackend", "model",
          "OptimizedModule", "_orig_mod");

  private static final int MAX_WRAPPERS = 8;

  private ModuleWrappers() {}

  /** {@return the network inside, or the module itself if it is not a known wrapper} */
  static PickledModule unwrap(PickledModule module) {
    PickledModule inner = module;
    for (int i = 0; i < MAX_WRAPPERS; i++) {
      String name = CHILD_BY_CLASS.get(inner.simpleName());
      PickledModule child = name == null ? null : inner.child(name);
      if (child == null) {
        return inner;
      }
      inner = child;
    }
    return inner;
  }
}
