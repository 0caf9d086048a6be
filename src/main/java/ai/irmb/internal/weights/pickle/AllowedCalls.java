package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.weights.pickle.PickleValue.Global;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The allow-list of functions and classes that a checkpoint's pickle may call, by exact pair of
 * module and name. Even these are never called: some calls are replaced with a collection, the
 * others with an inert record of the call.
 */
final class AllowedCalls {
  /** The value that replaces a call. */
  enum Result {
    /** A dict, empty or made of the pairs that are the argument. */
    DICT,
    /** A set, empty or made of the list that is the argument. */
    SET,
    /** Bytes, encoded from text with one byte per character. */
    BYTES,
    /** An empty dict; the argument, a factory of default values, is ignored. */
    DEFAULT_DICT,
    /** An instance of the class that is the first argument. */
    INSTANCE,
    /** A record of an attribute's name, if the stream itself made the object. */
    ATTRIBUTE,
    /** A record of the call. */
    RECORD
  }

  /** Keyed by module, then by name. */
  private static final Map<String, Map<String, Result>> ALLOWED = new HashMap<>();

  static {
    collections();
    tensors();
    plainValues();
  }

  private AllowedCalls() {}

  /** {@return the kind of value that replaces a call of this name, or null if it is not allowed} */
  static @Nullable Result lookup(Global function) {
    return ALLOWED.getOrDefault(function.module(), Map.of()).get(function.name());
  }

  private static void collections() {
    allow(Result.DICT, "collections", "OrderedDict");
    allow(Result.DEFAULT_DICT, "collections", "defaultdict");
    allow(Result.BYTES, "_codecs", "encode");
    for (String builtins : new String[] {"__builtin__", "builtins"}) {
      allow(Result.SET, builtins, "set", "frozenset");
      allow(Result.ATTRIBUTE, builtins, "getattr");
    }
    allow(Result.INSTANCE, "copy_reg", "_reconstructor");
    allow(Result.INSTANCE, "copyreg", "_reconstructor");
  }

  private static void tensors() {
    allow(
        Result.RECORD,
        "torch._utils",
        "_rebuild_tensor",
        "_rebuild_tensor_v2",
        "_rebuild_parameter",
        "_rebuild_parameter_with_state");
    allow(Result.RECORD, "torch._tensor", "_rebuild_from_type_v2");
    allow(Result.RECORD, "torch", "Size", "device");
  }

  private static void plainValues() {
    for (String pathlib : new String[] {"pathlib", "pathlib._local"}) {
      allow(
          Result.RECORD,
          pathlib,
          "Path",
          "PosixPath",
          "WindowsPath",
          "PurePath",
          "PurePosixPath",
          "PureWindowsPath");
    }
    allow(Result.RECORD, "datetime", "datetime", "date", "time", "timedelta", "timezone");
    allow(Result.RECORD, "argparse", "Namespace");
    allow(Result.RECORD, "types", "SimpleNamespace");
    allow(Result.RECORD, "numpy.core.multiarray", "_reconstruct", "scalar");
    allow(Result.RECORD, "numpy._core.multiarray", "_reconstruct", "scalar");
    allow(Result.RECORD, "numpy", "dtype");
  }

  private static void allow(Result result, String module, String... names) {
    Map<String, Result> results = ALLOWED.computeIfAbsent(module, key -> new HashMap<>());
    for (String name : names) {
      results.put(name, result);
    }
  }
}
