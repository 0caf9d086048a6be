package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.PickleBuilder;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Bounded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * A good checkpoint whose pickle has hostile instructions in front. Their result is popped again,
 * so that only a reader that checks all instructions notices.
 */
@Tag("fast")
class HostilePicklesTest {
  private static final String RECORD = "base_v/data.pkl";
  private static final ZipBuilder GOOD = good();
  private static final int PROTO = 2;
  private static final int MANY = 100_000;

  private static ZipBuilder good() {
    try {
      return ZipBuilder.of(Files.readAllBytes(Fixtures.path("good.pt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PickleBuilder stream() {
    return new PickleBuilder();
  }

  /** {@return the checkpoint with these instructions and a POP before its own} */
  private static byte[] with(PickleBuilder instructions) {
    byte[] pickle = GOOD.get(RECORD);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(pickle, 0, PROTO);
    out.writeBytes(instructions.op('0').bytesSoFar());
    out.write(pickle, PROTO, pickle.length - PROTO);
    byte[] zip = GOOD.put(RECORD, out.toByteArray()).bytes();
    GOOD.put(RECORD, pickle);
    return zip;
  }

  private static Bounded.Outcome<Checkpoint, WeightsException> read(byte[] file) {
    return Bounded.run(
        Bounded.forWeights(file.length),
        WeightsException.class,
        () -> CheckpointReader.read(WeightFile.of("best.pt", file), Limits.DEFAULTS));
  }

  private static void assertRefused(PickleBuilder instructions, String... words) {
    WeightsException failure = read(with(instructions)).failure();
    assertNotNull(failure, "it was accepted");
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("best.pt: data.pkl, byte "), message);
    for (String word : words) {
      assertTrue(message.toLowerCase(Locale.ROOT).contains(word), message + " lacks " + word);
    }
  }

  private static void assertAccepted(PickleBuilder instructions) {
    Bounded.Outcome<Checkpoint, WeightsException> outcome = read(with(instructions));
    Checkpoint checkpoint = outcome.value();
    assertNotNull(checkpoint, () -> String.valueOf(outcome.failure()));
    assertEquals(
        SharedFiles.digest(
            CheckpointReader.read(WeightFile.of("good", GOOD.bytes()), Limits.DEFAULTS)
                .weights()
                .tensors()),
        SharedFiles.digest(checkpoint.weights().tensors()));
  }

  /** Functions of known payloads, allowed names with additions, and names of similar appearance. */
  private static final String[] CALLED = {
    "posix system",
    "nt system",
    "os system",
    "os popen",
    "builtins eval",
    "__builtin__ eval",
    "builtins exec",
    "builtins open",
    "builtins __import__",
    "builtins compile",
    "subprocess Popen",
    "subprocess check_output",
    "importlib import_module",
    "pkgutil resolve_name",
    "operator attrgetter",
    "operator methodcaller",
    "functools partial",
    "types FunctionType",
    "types CodeType",
    "marshal loads",
    "pickle loads",
    "_pickle loads",
    "torch load",
    "torch.hub load",
    "torch.jit load",
    "torch.storage _load_from_bytes",
    "torch._utils _rebuild_qtensor",
    "torch._utils _rebuild_tensor_v3",
    "torch._utils _import_dotted_name",
    "torch.serialization os.system",
    "numpy load",
    "numpy.core.multiarray fromfile",
    "collections OrderedDict.fromkeys",
    "collections _sys.modules",
    "collections namedtuple",
    "torch._utils _rebuild_tensor_v2.__globals__",
    "builtins getattr.__call__",
    "builtins  eval",
    "Builtins eval",
    "\uff42uiltins eval",
    "builtins ev\u0430l",
    "collections Ordereddict",
    "models.yolo DetectionModel",
    "torch.nn.modules.conv Conv2d",
    "socket create_connection",
    "urllib.request urlopen",
    "webbrowser open",
    "shutil rmtree",
    "ctypes CDLL",
    "runpy run_path",
    "timeit timeit",
    "pdb run",
    "asyncio run",
    "http.client HTTPConnection"
  };

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesCallsByEveryInstruction() {
    java.util.stream.Stream.Builder<DynamicTest> tests = java.util.stream.Stream.builder();
    for (String called : CALLED) {
      String module = called.substring(0, called.lastIndexOf(' '));
      String name = called.substring(called.lastIndexOf(' ') + 1);
      boolean isAscii = name.chars().allMatch(c -> c < 128);
      Map<String, PickleBuilder> forms = new LinkedHashMap<>();
      forms.put("REDUCE", stream().global(module, name).text("x").op(0x85, 'R'));
      forms.put("REDUCE of nothing", stream().global(module, name).op(')', 'R'));
      forms.put("STACK_GLOBAL", stream().text(module).text(name).op(0x93).text("x").op(0x85, 'R'));
      forms.put("INST", stream().op('(').text("x").ascii("i").utf8(module + "\n" + name + "\n"));
      forms.put("OBJ", stream().op('(').global(module, name).text("x").op('o'));
      forms.put(
          "from the memo",
          stream().global(module, name).op('q', 250, '0', 'h', 250).text("x").op(0x85, 'R'));
      forms.put("twice on the stack", stream().global(module, name).op('2', ')', 'R', '0'));
      forms.put("its own argument", stream().global(module, name).op('2', 0x85, 'R'));
      forms.forEach(
          (form, instructions) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      called + ", " + form,
                      () ->
                          assertRefused(
                              instructions,
                              "not allowed",
                              isAscii ? name.toLowerCase(Locale.ROOT) : ""))));
    }
    return tests.build();
  }

  /** Names are harmless unless called; an instance is an inert record. */
  @TestFactory
  java.util.stream.Stream<DynamicTest> acceptsNamesThatAreNotCalled() {
    return tests(
        Map.of(
            "a global", stream().global("posix", "system"),
            "an instance", stream().global("some.module", "Thing").op(')', 0x81),
            "an instance with names", stream().global("a", "B").op(')', '}', 0x92),
            "an instance with state", stream().global("a", "B").op(')', 0x81, '}', 'b'),
            "an instance with a slot state",
                stream().global("a", "B").op(')', 0x81, 'N', '}', 0x86, 'b'),
            "a frame", stream().op(0x95).int64(2).op(')', '2').op('0'),
            "a list in itself", stream().op(']', '2', 'a'),
            "a tuple in itself", stream().op(']', 'q', 250, 0x85, '0', 'h', 250),
            "numbers of text",
                stream().ascii("I01\nI-7\nL12345678901234567890L\nF1e9\n").op('0', '0', '0'),
            "a deep tuple", repeated(stream().op(')'), 0x85)),
        HostilePicklesTest::assertAccepted);
  }

  private static PickleBuilder repeated(PickleBuilder start, int... codes) {
    for (int i = 0; i < MANY; i++) {
      start.op(codes);
    }
    return start;
  }

  private static java.util.stream.Stream<DynamicTest> tests(
      Map<String, PickleBuilder> cases, java.util.function.Consumer<PickleBuilder> check) {
    return cases.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> check.accept(e.getValue())));
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesStateAndItemsOnValuesOfTheWrongType() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    Map<String, UnaryOperator<PickleBuilder>> values = new LinkedHashMap<>();
    values.put("a function", s -> s.global("torch._utils", "_rebuild_tensor_v2"));
    values.put("a class", s -> s.global("torch", "FloatStorage"));
    values.put("a number", s -> s.op('K', 1));
    values.put("text", s -> s.text("x"));
    values.put("none", s -> s.op('N'));
    values.put("a tuple", s -> s.op(')'));
    values.put("bytes", s -> s.op('C', 1, 65));
    values.put("a size", s -> s.global("torch", "Size").op(')', 0x85, 'R'));
    values.put("a device", s -> s.global("torch", "device").text("cpu").op(0x85, 'R'));
    values.forEach(
        (value, make) -> {
          cases.put("BUILD on " + value, make.apply(stream()).op('}', 'b'));
          cases.put("APPEND on " + value, make.apply(stream()).op('N', 'a'));
          cases.put("APPENDS on " + value, make.apply(stream()).op('(', 'N', 'e'));
          cases.put("SETITEM on " + value, make.apply(stream()).op('N', 'N', 's'));
          cases.put("SETITEMS on " + value, make.apply(stream()).op('(', 'N', 'N', 'u'));
          cases.put("ADDITEMS on " + value, make.apply(stream()).op('(', 'N', 0x90));
        });
    cases.put("SETITEM on a list", stream().op(']', 'N', 'N', 's'));
    cases.put("APPEND on a dict", stream().op('}', 'N', 'a'));
    cases.put("APPEND on a set", stream().op(0x8F, 'N', 'a'));
    cases.put("ADDITEMS on a list", stream().op(']', '(', 'N', 0x90));
    cases.put("BUILD on a list", stream().op(']', '}', 'b'));
    cases.put("BUILD twice", stream().global("a", "B").op(')', 0x81, '}', 'b', '}', 'b'));
    cases.put("a dict as key", stream().op('}', '}', 'N', 's'));
    cases.put("a key twice", stream().op('}', 'K', 1, 'N', 's', 'K', 1, 'N', 's'));
    cases.put("a key twice, as 1 and True", stream().op('}', 'K', 1, 'N', 's', 0x88, 'N', 's'));
    cases.put("NEWOBJ of text", stream().text("a").op(')', 0x81));
    cases.put("NEWOBJ of a call", stream().global("torch", "Size").op(')', 0x85, 'R', ')', 0x81));
    cases.put("NEWOBJ_EX without names", stream().global("a", "B").op(')', 'N', 0x92));
    cases.put("REDUCE of a list", stream().global("collections", "OrderedDict").op(']', 'R'));
    cases.put(
        "REDUCE of what a call gave",
        stream().global("torch", "Size").op(')', 0x85, 'R').op(')', 'R'));
    cases.put("OBJ of nothing", stream().op('(', 'o'));
    cases.put("STACK_GLOBAL of numbers", stream().op('K', 1, 'K', 2, 0x93));
    cases.put("STACK_GLOBAL of bytes", stream().op('C', 1, 97, 'C', 1, 98, 0x93));
    return tests(cases, HostilePicklesTest::assertRefused);
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesReferencesOutsideThePickle() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    cases.put("EXT1", stream().op(0x82, 1));
    cases.put("EXT2", stream().op(0x83, 1, 0));
    cases.put("EXT4", stream().op(0x84).int32(1));
    cases.put("PERSID", stream().ascii("Psome id\n"));
    cases.put("NEXT_BUFFER", stream().op(0x97));
    cases.put("READONLY_BUFFER", stream().op(0x98));
    cases.put("a persistent number", stream().op('K', 1, 'Q'));
    cases.put("a persistent text", stream().text("storage").op('Q'));
    cases.put("an empty persistent id", stream().op(')', 'Q'));
    cases.put("another persistent kind", storage("module", 5));
    cases.put("a persistent id of four", storage("storage", 4));
    cases.put("a persistent id of six", storage("storage", 6));
    cases.put(
        "a legacy class",
        stream().op('(').text("module").global("a", "B").text("f").text("source").op('t', 'Q'));
    return tests(cases, HostilePicklesTest::assertRefused);
  }

  private static PickleBuilder storage(String kind, int items) {
    PickleBuilder id =
        stream().op('(').text(kind).global("torch", "FloatStorage").text("0").text("cpu");
    for (int i = 4; i < items; i++) {
      id.op('K', 1);
    }
    return id.op('t', 'Q');
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesInvalidMemoStackAndFrameOperations() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    cases.put("GET", stream().ascii("g4242424\n"));
    cases.put("BINGET", stream().op('h', 77));
    cases.put("LONG_BINGET", stream().op('j').int32(-2));
    cases.put("GET of nothing", stream().ascii("g\n"));
    cases.put("GET of text", stream().ascii("gabc\n"));
    cases.put("GET of a huge number", stream().ascii("g99999999999999999999999\n"));
    cases.put("PUT below zero", stream().ascii("Np-1\n"));
    cases.put("PUT of a huge number", stream().ascii("Np99999999999999999999\n"));
    cases.put("PUT of nothing", stream().op('q', 0));
    cases.put("MEMOIZE of nothing", stream().op(0x94));
    cases.put("POP of nothing", stream().op('0'));
    cases.put("DUP of nothing", stream().op('2'));
    cases.put("POP_MARK without one", stream().op('1'));
    cases.put("TUPLE without a mark", stream().op('N', 't'));
    cases.put("POP below a mark", stream().op('N', '(', '0', '0'));
    cases.put("TUPLE3 of two", stream().op('N', 'N', 0x87));
    cases.put("DICT with a key alone", stream().op('(', 'N', 'd'));
    cases.put("SETITEMS with a key alone", stream().op('}', '(', 'N', 'u'));
    cases.put("a frame in a frame", stream().op(0x95).int64(20).op(0x95).int64(2).op('N', '0'));
    cases.put("a frame that ends in a number", stream().op(0x95).int64(2).op('J').int32(1));
    cases.put("a frame that ends in text", stream().op(0x95).int64(6).text("hello"));
    cases.put("a frame beyond the end", stream().op(0x95).int64(1L << 40).op('N'));
    cases.put("a frame below zero", stream().op(0x95).int64(-1).op('N'));
    cases.put("protocol 6", stream().op(0x80, 6, 'N'));
    cases.put("protocol 255", stream().op(0x80, 255, 'N'));
    for (int code = 0; code < 256; code++) {
      if (OPCODES.indexOf(code) < 0) {
        cases.put("opcode " + code, stream().op(code));
      }
    }
    return tests(cases, HostilePicklesTest::assertRefused);
  }

  /** All opcodes of protocols 0 to 5. */
  private static final String OPCODES =
      "(.012FIJKLMNPQRSTUVXabcd}eghijl]opqrst)uGBC"
          + "\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d"
          + "\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098";

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesInvalidLengthsTextAndNumbers() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    for (int code : new int[] {0x8D, 0x8E, 0x96}) {
      for (long length : new long[] {1L << 62, -1, Long.MIN_VALUE, 1L << 32, 1L << 31}) {
        cases.put(
            Integer.toHexString(code) + " of " + length, stream().op(code).int64(length).op(1));
      }
    }
    for (int code : new int[] {'X', 'B', 'T', 0x8B}) {
      for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        cases.put((char) code + " of " + length, stream().op(code).int32(length).op(1));
      }
    }
    cases.put("text of broken UTF-8", stream().op('X').int32(2).op(0xC3, 0x28));
    cases.put("a surrogate in UTF-8", stream().op('X').int32(3).op(0xED, 0xA0, 0x80));
    cases.put("an overlong zero", stream().op('X').int32(2).op(0xC0, 0x80));
    cases.put("a name of broken UTF-8", stream().op('c', 0xFF, '\n', 'x', '\n'));
    cases.put("a name that is empty", stream().global("", ""));
    cases.put("a line of half a pair", stream().ascii("V\\ud800\n"));
    cases.put("a line beyond Unicode", stream().ascii("V\\U00110000\n"));
    cases.put("a line with half an escape", stream().ascii("V\\u12\n"));
    cases.put("STRING without quotes", stream().ascii("Sabc\n"));
    cases.put("STRING of two quotes", stream().ascii("S'abc\"\n"));
    cases.put("STRING with half an escape", stream().ascii("S'\\x4'\n"));
    cases.put("STRING with an octal escape", stream().ascii("S'\\101'\n"));
    cases.put("INT of text", stream().ascii("Iabc\n"));
    cases.put("INT of nothing", stream().ascii("I\n"));
    cases.put("INT in hexadecimal", stream().ascii("I0x10\n"));
    cases.put("INT with an underscore", stream().ascii("I1_000\n"));
    cases.put("INT of Arabic digits", stream().op('I').utf8("\u0661\u0662\n"));
    cases.put("INT of many digits", stream().ascii("I" + "9".repeat(MANY) + "\n"));
    cases.put("LONG of many digits", stream().ascii("L" + "9".repeat(MANY) + "L\n"));
    cases.put("LONG4 of many bytes", stream().op(0x8B).int32(MANY).bytes(new byte[MANY]));
    cases.put("FLOAT of text", stream().ascii("Fabc\n"));
    cases.put("FLOAT in hexadecimal", stream().ascii("F0x1p3\n"));
    cases.put("FLOAT of Java", stream().ascii("F1.0f\n"));
    return tests(cases, HostilePicklesTest::assertRefused);
  }

  /** Small pickles that would need much memory or time. */
  @TestFactory
  java.util.stream.Stream<DynamicTest> boundsMemoryAndTime() {
    Map<String, PickleBuilder> cases = new LinkedHashMap<>();
    PickleBuilder laughs = stream().op(']', '2', 'a', 'q', 200, '0');
    for (int i = 201; i < 250; i++) {
      laughs.op('(');
      for (int k = 0; k < 20; k++) {
        laughs.op('h', i - 1);
      }
      laughs.op('t', 'q', i, '0');
    }
    cases.put("a tuple of tuples of tuples", laughs.op('h', 249));
    cases.put("empty dicts", repeated(stream().op('('), '}').op('t'));
    cases.put("empty sets", repeated(stream().op('('), 0x8F).op('t'));
    cases.put("marks", repeated(stream(), '('));
    cases.put("memo entries", repeated(stream().op('N'), 0x94));
    cases.put(
        "instances",
        repeated(stream().global("a", "B").op('q', 250, '0', '('), 'h', 250, ')', 0x81).op('t'));
    cases.put(
        "records of calls",
        repeated(stream().global("torch", "Size").op('q', 250, '0', '('), 'h', 250, ')', 0x85, 'R')
            .op('t'));
    cases.put(
        "copies of a set",
        repeated(
                repeated(stream().op(']', 'q', 249, '('), 'N')
                    .op('e', 'q', 249, '0')
                    .global("builtins", "set")
                    .op('q', 250, '0', '('),
                'h',
                250,
                'h',
                249,
                0x85,
                'R')
            .op('t'));
    cases.put(
        "one large number as many keys",
        repeated(
                stream().op(0x8B).int32(1700).bytes(new byte[1700]).op('q', 250, '0', '('),
                '}',
                'h',
                250,
                'N',
                's')
            .op('t'));
    return tests(
        cases,
        instructions -> {
          Bounded.Outcome<Checkpoint, WeightsException> outcome = read(with(instructions));
          assertTrue(outcome.value() != null || outcome.failure() != null);
        });
  }
}
