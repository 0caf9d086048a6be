package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.weights.pickle.PickleValue.Bytes;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.Instance;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Evaluates REDUCE, INST, OBJ, NEWOBJ and BUILD to inert values, without calling anything. */
final class CallInterpreter {
  /** Estimated size of a small object, for the memory budget. */
  static final int OBJECT_BYTES = 48;

  static final int DICT_BYTES = 128;
  static final int ENTRY_BYTES = 64;

  private static final Pattern ATTRIBUTE_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,99}");
  private static final Set<String> SINGLE_BYTE_ENCODINGS =
      Set.of("latin1", "latin-1", "iso-8859-1", "ascii");

  private final PickleInput in;

  CallInterpreter(PickleInput in) {
    this.in = in;
  }

  /** {@return the value that replaces a call} */
  PickleValue call(PickleValue function, PickleValue arguments) {
    if (!(function instanceof Global global)) {
      throw in.error("a call of " + describe(function) + " is not allowed in a checkpoint");
    }
    AllowedCalls.Result result = AllowedCalls.lookup(global);
    if (result == null) {
      throw in.error("a call of " + nameOf(global) + " is not allowed in a checkpoint");
    }
    if (!(arguments instanceof Tuple tuple)) {
      throw in.error(
          "the arguments of " + nameOf(global) + " are " + describe(arguments) + ", not a tuple");
    }
    in.reserve(OBJECT_BYTES);
    return switch (result) {
      case DICT -> dict(global, tuple.items());
      case DEFAULT_DICT -> dict(global, List.of());
      case SET -> set(global, tuple.items());
      case BYTES -> bytes(global, tuple.items());
      case INSTANCE -> reconstruct(global, tuple.items());
      case ATTRIBUTE -> attribute(global, tuple);
      case RECORD -> new Call(global, tuple, in.offset());
    };
  }

  /** {@return an instance of a class that is never looked up} */
  Instance instance(PickleValue type, PickleValue arguments) {
    if (!(type instanceof Global global)) {
      throw in.error("NEWOBJ needs the name of a class, not " + describe(type));
    }
    if (!(arguments instanceof Tuple tuple)) {
      throw in.error(
          "the arguments of " + nameOf(global) + " are " + describe(arguments) + ", not a tuple");
    }
    in.reserve(OBJECT_BYTES);
    return new Instance(global, tuple);
  }

  /** Sets the state of an object that the stream itself made, once. */
  void build(PickleValue target, PickleValue state) {
    if (target instanceof Instance instance && instance.state() == null) {
      instance.build(state);
    } else if (target instanceof Call call && call.state() == null && call.takesState()) {
      call.build(state);
    } else if (!(target instanceof Dict && state instanceof Dict)) {
      throw in.error("BUILD sets the state of " + describe(target) + ", which takes none");
    }
    // Attributes of an ordered dict, such as a state dict's _metadata, are dropped.
  }

  /**
   * Adds an entry to a dict. Picklers never set a key twice; readers disagree on which one counts.
   */
  void putNew(Dict dict, PickleValue key, PickleValue value) {
    in.reserve(ENTRY_BYTES);
    if (key instanceof Sequence || key instanceof Dict) {
      throw in.error("a list, set or dict is the key of a dict");
    }
    if (!dict.put(key, value)) {
      throw in.error(
          "a key of a dict is set twice"
              + (key instanceof Text text ? ": " + Quoting.quote(text.value()) : ""));
    }
  }

  /** {@return a short description of a value, for error messages} */
  static String describe(PickleValue value) {
    if (value instanceof Global global) {
      return nameOf(global);
    }
    if (value instanceof Call call) {
      return "a value of " + nameOf(call.function());
    }
    if (value instanceof Instance instance) {
      return "an instance of " + nameOf(instance.type());
    }
    return "a value of kind " + value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String nameOf(Global global) {
    return Quoting.escapeName(global.fullName());
  }

  private PickleValue dict(Global function, List<PickleValue> arguments) {
    in.reserve(DICT_BYTES);
    Dict dict = new Dict();
    if (arguments.isEmpty()) {
      return dict;
    }
    if (arguments.size() != 1 || !(arguments.get(0) instanceof Sequence pairs)) {
      throw wrongArguments(function);
    }
    for (PickleValue pair : pairs.items()) {
      List<PickleValue> items = itemsOf(pair);
      if (items.size() != 2) {
        throw wrongArguments(function);
      }
      putNew(dict, items.get(0), items.get(1));
    }
    return dict;
  }

  private PickleValue set(Global function, List<PickleValue> arguments) {
    Sequence set = new Sequence(Sequence.Kind.SET);
    if (arguments.size() > 1) {
      throw wrongArguments(function);
    }
    for (PickleValue argument : arguments) {
      if (!(argument instanceof Sequence || argument instanceof Tuple)) {
        throw wrongArguments(function);
      }
      List<PickleValue> items = itemsOf(argument);
      in.reserve(8L * items.size());
      set.addAll(items);
    }
    return set;
  }

  private PickleValue bytes(Global function, List<PickleValue> arguments) {
    if (arguments.size() != 2
        || !(arguments.get(0) instanceof Text text)
        || !(arguments.get(1) instanceof Text encoding)
        || !SINGLE_BYTE_ENCODINGS.contains(encoding.value().toLowerCase(Locale.ROOT))) {
      throw wrongArguments(function);
    }
    String characters = text.value();
    in.reserve(characters.length());
    byte[] out = new byte[characters.length()];
    for (int i = 0; i < out.length; i++) {
      if (characters.charAt(i) > 0xFF) {
        throw wrongArguments(function);
      }
      out[i] = (byte) characters.charAt(i);
    }
    return new Bytes(out);
  }

  private PickleValue reconstruct(Global function, List<PickleValue> arguments) {
    if (arguments.size() != 3) {
      throw wrongArguments(function);
    }
    return instance(arguments.get(0), Tuple.EMPTY);
  }

  /**
   * Records getattr. A fused Conv keeps its own method as an attribute, a Segment that of its base
   * class; getattr on anything else could reach objects outside the file.
   */
  private PickleValue attribute(Global function, Tuple arguments) {
    List<PickleValue> items = arguments.items();
    if (items.size() != 2
        || !(items.get(1) instanceof Text name)
        || !ATTRIBUTE_NAME.matcher(name.value()).matches()
        || !(items.get(0) instanceof Instance
            || (items.get(0) instanceof Global owner && isModelClass(owner)))) {
      throw in.error(
          "a call of "
              + nameOf(function)
              + (items.isEmpty() ? "" : " on " + describe(items.get(0)))
              + " is not allowed in a checkpoint");
    }
    return new Call(function, arguments, in.offset());
  }

  private static boolean isModelClass(Global owner) {
    return owner.module().startsWith("models.");
  }

  private static List<PickleValue> itemsOf(PickleValue value) {
    if (value instanceof Sequence sequence) {
      return sequence.items();
    }
    return value instanceof Tuple tuple ? tuple.items() : List.of();
  }

  private RuntimeException wrongArguments(Global function) {
    return in.error(nameOf(function) + " has arguments that it does not take");
  }
}
