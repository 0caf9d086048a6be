package ai.irmb.internal.weights.pickle;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.None;
import ai.irmb.internal.weights.pickle.PickleValue.PersistentId;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Interprets one pickle of protocol 0 to 5 into inert values. Nothing is executed or looked up: see
 * {@link AllowedCalls}. The reader never recurses. Its time is linear in the bytes, its memory
 * stays within the budget.
 *
 * <p>Not safe for concurrent use; each instance reads one pickle.
 */
public final class PickleReader {
  private static final int MAX_PROTOCOL = 5;

  private final PickleInput in;
  private final PersistentIdResolver persistentIds;
  private final PickleStack stack;
  private final PickleMemo memo;
  private final LiteralReader literals;
  private final CallInterpreter calls;
  private final List<Call> recordedCalls = new ArrayList<>();

  /**
   * @param bytes the pickle, from the position on; bytes after its STOP are not read
   * @param where name of the pickle for error messages, such as {@code best.pt: data.pkl}
   * @param base offset of the pickle within the file, added to each reported position
   * @param limits bounds the length of strings
   * @param budget bounds the memory
   * @param ids decides which references to data outside the pickle are accepted
   */
  public PickleReader(
      ByteBuffer bytes,
      String where,
      long base,
      Limits limits,
      MemoryBudget budget,
      PersistentIdResolver ids) {
    this.in = new PickleInput(bytes, where, base, limits, budget);
    this.persistentIds = ids;
    this.stack = new PickleStack(in);
    this.memo = new PickleMemo(in);
    this.literals = new LiteralReader(in);
    this.calls = new CallInterpreter(in);
  }

  /**
   * {@return the value that the pickle describes}
   *
   * @throws ai.irmb.error.WeightsException if it is damaged, exceeds a limit, or calls a function
   *     that is not on the allow-list
   */
  public PickleValue read() {
    while (true) {
      int code = in.nextOpcode();
      Opcode opcode = Opcode.of(code);
      if (opcode == null) {
        throw in.error(String.format("0x%02x is not an opcode of pickle", code));
      }
      if (opcode == Opcode.STOP) {
        return result();
      }
      if (!executeStackOrMemo(opcode) && !executeLiteral(opcode) && !executeCollection(opcode)) {
        executeObjectOrFraming(opcode);
      }
    }
  }

  /** {@return the number of bytes read, including STOP} */
  public int position() {
    return in.position();
  }

  /** {@return every recorded call in file order, even if its result is not part of the value} */
  public List<Call> recordedCalls() {
    return Collections.unmodifiableList(recordedCalls);
  }

  private PickleValue result() {
    PickleValue value = stack.pop();
    if (stack.hasMark() || !stack.isEmpty()) {
      throw in.error("values remain on the stack at the end of the pickle");
    }
    return value;
  }

  private boolean executeLiteral(Opcode opcode) {
    switch (opcode) {
      case NONE -> stack.push(None.NONE);
      case NEWTRUE -> stack.push(Bool.TRUE);
      case NEWFALSE -> stack.push(Bool.FALSE);
      case BININT -> stack.push(literals.integer(in.i32()));
      case BININT1 -> stack.push(literals.integer(in.u8()));
      case BININT2 -> stack.push(literals.integer(in.u16()));
      case INT -> stack.push(literals.intLine());
      case LONG -> stack.push(literals.longLine());
      case LONG1 -> stack.push(literals.binaryLong(in.u8()));
      case LONG4 -> stack.push(literals.binaryLong(in.i32()));
      case FLOAT -> stack.push(literals.floatLine());
      case BINFLOAT -> stack.push(literals.real(in.bigEndianDouble()));
      case STRING -> stack.push(literals.stringLine());
      case UNICODE -> stack.push(literals.unicodeLine());
      case SHORT_BINSTRING, SHORT_BINUNICODE -> stack.push(literals.text(in.u8()));
      case BINSTRING -> stack.push(literals.text(in.i32()));
      case BINUNICODE -> stack.push(literals.text(in.u32()));
      case BINUNICODE8 -> stack.push(literals.text(in.i64()));
      case SHORT_BINBYTES -> stack.push(literals.bytes(in.u8()));
      case BINBYTES -> stack.push(literals.bytes(in.u32()));
      case BINBYTES8, BYTEARRAY8 -> stack.push(literals.bytes(in.i64()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean executeCollection(Opcode opcode) {
    switch (opcode) {
      case EMPTY_TUPLE -> stack.push(Tuple.EMPTY);
      case TUPLE1 -> tuple(1);
      case TUPLE2 -> tuple(2);
      case TUPLE3 -> tuple(3);
      case TUPLE -> stack.push(new Tuple(stack.popToMark()));
      case EMPTY_LIST -> stack.push(sequence(Sequence.Kind.LIST, List.of()));
      case LIST -> stack.push(sequence(Sequence.Kind.LIST, stack.popToMark()));
      case EMPTY_SET -> stack.push(sequence(Sequence.Kind.SET, List.of()));
      case FROZENSET -> stack.push(sequence(Sequence.Kind.SET, stack.popToMark()));
      case EMPTY_DICT -> stack.push(dict(List.of()));
      case DICT -> stack.push(dict(stack.popToMark()));
      case APPEND -> {
        PickleValue item = stack.pop();
        add(Sequence.Kind.LIST, List.of(item), opcode);
      }
      case APPENDS -> add(Sequence.Kind.LIST, stack.popToMark(), opcode);
      case ADDITEMS -> add(Sequence.Kind.SET, stack.popToMark(), opcode);
      case SETITEM -> {
        PickleValue value = stack.pop();
        PickleValue key = stack.pop();
        setItems(List.of(key, value), opcode);
      }
      case SETITEMS -> setItems(stack.popToMark(), opcode);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean executeStackOrMemo(Opcode opcode) {
    switch (opcode) {
      case MARK -> stack.mark();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.top());
      case POP -> {
        if (stack.isEmpty() && stack.hasMark()) {
          stack.popToMark();
        } else {
          stack.pop();
        }
      }
      case GET -> stack.push(memo.get(literals.memoIndexLine()));
      case BINGET -> stack.push(memo.get(in.u8()));
      case LONG_BINGET -> stack.push(memo.get(in.u32()));
      case PUT -> memo.put(literals.memoIndexLine(), stack.top());
      case BINPUT -> memo.put(in.u8(), stack.top());
      case LONG_BINPUT -> memo.put(in.u32(), stack.top());
      case MEMOIZE -> memo.put(stack.top());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void executeObjectOrFraming(Opcode opcode) {
    switch (opcode) {
      case PROTO -> checkProtocol(in.u8());
      case FRAME -> in.beginFrame(in.i64());
      case GLOBAL -> stack.push(global(in.decodeUtf8(in.line()), in.decodeUtf8(in.line())));
      case STACK_GLOBAL -> {
        PickleValue name = stack.pop();
        stack.push(global(requireText(stack.pop()), requireText(name)));
      }
      case REDUCE -> {
        PickleValue arguments = stack.pop();
        call(stack.pop(), arguments);
      }
      case INST -> {
        Global function = global(in.decodeUtf8(in.line()), in.decodeUtf8(in.line()));
        call(function, new Tuple(stack.popToMark()));
      }
      case OBJ -> {
        List<PickleValue> items = stack.popToMark();
        if (items.isEmpty()) {
          throw in.error("OBJ names no class");
        }
        call(items.get(0), new Tuple(items.subList(1, items.size())));
      }
      case NEWOBJ -> {
        PickleValue arguments = stack.pop();
        stack.push(calls.instance(stack.pop(), arguments));
      }
      case NEWOBJ_EX -> newWithKeywords();
      case BUILD -> {
        PickleValue state = stack.pop();
        calls.build(stack.top(), state);
      }
      case BINPERSID -> pushPersistentId(stack.pop());
      case PERSID -> throw in.error("a persistent id in text form is not one of a checkpoint");
      case EXT1, EXT2, EXT4 ->
          throw in.error(
              "opcode " + opcode + " needs an extension registry, which no checkpoint may rely on");
      case NEXT_BUFFER, READONLY_BUFFER ->
          throw in.error("opcode " + opcode + " needs a buffer outside the file");
      default -> throw new AssertionError(opcode);
    }
  }

  private void tuple(int size) {
    in.reserve(CallInterpreter.OBJECT_BYTES + 16);
    PickleValue[] items = new PickleValue[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = stack.pop();
    }
    stack.push(new Tuple(List.of(items)));
  }

  private Sequence sequence(Sequence.Kind kind, List<PickleValue> items) {
    in.reserve(CallInterpreter.OBJECT_BYTES + 8L * items.size());
    Sequence sequence = new Sequence(kind);
    sequence.addAll(items);
    return sequence;
  }

  private void add(Sequence.Kind kind, List<PickleValue> items, Opcode opcode) {
    if (!(stack.top() instanceof Sequence target) || target.kind() != kind) {
      throw in.error(opcode + " on " + CallInterpreter.describe(stack.top()));
    }
    in.reserve(12L * items.size());
    target.addAll(items);
  }

  private Dict dict(List<PickleValue> items) {
    in.reserve(CallInterpreter.DICT_BYTES);
    Dict dict = new Dict();
    put(dict, items, Opcode.DICT);
    return dict;
  }

  private void setItems(List<PickleValue> items, Opcode opcode) {
    if (!(stack.top() instanceof Dict target)) {
      throw in.error(opcode + " on " + CallInterpreter.describe(stack.top()));
    }
    put(target, items, opcode);
  }

  private void put(Dict target, List<PickleValue> items, Opcode opcode) {
    if (items.size() % 2 != 0) {
      throw in.error(opcode + " has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      calls.putNew(target, items.get(i), items.get(i + 1));
    }
  }

  private void checkProtocol(int version) {
    if (version > MAX_PROTOCOL) {
      throw in.error("pickle protocol " + version + " is unknown; the latest is 5");
    }
  }

  private Global global(String module, String name) {
    if (module.isEmpty() || name.isEmpty()) {
      throw in.error("a global without a name");
    }
    in.reserve(CallInterpreter.OBJECT_BYTES);
    return new Global(module, name);
  }

  private String requireText(PickleValue value) {
    if (!(value instanceof Text text)) {
      throw in.error("STACK_GLOBAL needs two texts, not " + CallInterpreter.describe(value));
    }
    return text.value();
  }

  private void call(PickleValue function, PickleValue arguments) {
    PickleValue result = calls.call(function, arguments);
    if (result instanceof Call call) {
      in.reserve(8);
      recordedCalls.add(call);
    }
    stack.push(result);
  }

  private void newWithKeywords() {
    PickleValue named = stack.pop();
    PickleValue arguments = stack.pop();
    if (!(named instanceof Dict)) {
      throw in.error("NEWOBJ_EX needs a dict, not " + CallInterpreter.describe(named));
    }
    stack.push(calls.instance(stack.pop(), arguments));
  }

  private void pushPersistentId(PickleValue id) {
    if (!(id instanceof Tuple tuple)) {
      throw in.error(
          "a persistent id is " + CallInterpreter.describe(id) + ", not that of a storage");
    }
    in.reserve(CallInterpreter.OBJECT_BYTES);
    PickleValue resolved = persistentIds.resolve(new PersistentId(tuple, in.offset()));
    if (resolved == null) {
      throw in.error("a persistent id is not that of a storage" + firstOf(tuple));
    }
    stack.push(resolved);
  }

  private static String firstOf(Tuple id) {
    return !id.items().isEmpty() && id.items().get(0) instanceof Text text
        ? ": " + Quoting.quote(text.value())
        : "";
  }
}
