package ai.irmb.internal.weights.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.pickle.PickleValue.BigInt;
import ai.irmb.internal.weights.pickle.PickleValue.Bool;
import ai.irmb.internal.weights.pickle.PickleValue.Bytes;
import ai.irmb.internal.weights.pickle.PickleValue.Call;
import ai.irmb.internal.weights.pickle.PickleValue.Dict;
import ai.irmb.internal.weights.pickle.PickleValue.Global;
import ai.irmb.internal.weights.pickle.PickleValue.Instance;
import ai.irmb.internal.weights.pickle.PickleValue.Int;
import ai.irmb.internal.weights.pickle.PickleValue.Real;
import ai.irmb.internal.weights.pickle.PickleValue.Sequence;
import ai.irmb.internal.weights.pickle.PickleValue.Text;
import ai.irmb.internal.weights.pickle.PickleValue.Tuple;
import ai.irmb.limit.Limits;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class PickleReaderTest {
  private static PickleValue read(byte[] pickle) {
    return reader(pickle).read();
  }

  private static PickleReader reader(byte[] pickle) {
    return new PickleReader(
        ByteBuffer.wrap(pickle),
        "best.pt: data.pkl",
        0,
        Limits.DEFAULTS,
        new MemoryBudget(pickle.length),
        PersistentIdResolver.NONE);
  }

  private static String readError(byte[] pickle) {
    return String.valueOf(assertThrows(WeightsException.class, () -> read(pickle)).getMessage());
  }

  private static void assertRefused(byte[] pickle, String... words) {
    String message = readError(pickle);
    assertTrue(message.startsWith("best.pt: data.pkl, byte "), message);
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @Test
  void readsTextProtocolZero() {
    PickleValue value =
        read(
            new PickleBuilder()
                .ascii(
                    "(lp0\nI7\naI01\naL123456789012345678901234567890L\naF-2.5\naS'a\\x41\\n'\na")
                .ascii("V\\u00e9\\U0001f600\nag0\na")
                .stop());
    List<PickleValue> items = assertInstanceOf(Sequence.class, value).items();
    assertEquals(new Int(7), items.get(0));
    assertEquals(new Bool(true), items.get(1));
    assertEquals(new BigInt(new BigInteger("123456789012345678901234567890")), items.get(2));
    assertEquals(new Real(-2.5), items.get(3));
    assertEquals(new Text("aA\n"), items.get(4));
    assertEquals(new Text("é😀"), items.get(5));
    assertSame(value, items.get(6));
  }

  @Test
  void readsBinaryProtocolsUpToFive() {
    PickleValue value =
        read(
            new PickleBuilder()
                .op(0x80, 5, 0x95)
                .int64(34)
                .op('(', 'K', 200, 'M', 1, 2, 'J', 0xFF, 0xFF, 0xFF, 0xFF, 0x8A, 1, 0x80)
                .op('G', 0x3F, 0xF8, 0, 0, 0, 0, 0, 0)
                .op(0x8C, 2)
                .ascii("hi")
                .op(0x94, 'h', 0, 'C', 1, 9, 't')
                .stop());
    List<PickleValue> items = assertInstanceOf(Tuple.class, value).items();
    assertEquals(
        List.of(
            new Int(200), new Int(513), new Int(-1), new Int(-128), new Real(1.5), new Text("hi")),
        items.subList(0, 6));
    assertSame(items.get(5), items.get(6));
    assertEquals(9, assertInstanceOf(Bytes.class, items.get(7)).value()[0]);
  }

  @Test
  void keepsAModuleAsAnInertRecord() {
    PickleValue value =
        read(
            new PickleBuilder()
                .global("models.hooks", "Thing")
                .op(')', 0x81, '}')
                .text("k")
                .op('K', 3, 's', 'b')
                .stop());
    Instance instance = assertInstanceOf(Instance.class, value);
    assertEquals("models.hooks.Thing", instance.type().fullName());
    assertEquals(new Int(3), assertInstanceOf(Dict.class, instance.state()).get("k"));
  }

  @Test
  void keepsTheForwardMethodOfAFusedConvAsARecord() {
    PickleValue value =
        read(
            new PickleBuilder()
                .global("__builtin__", "getattr")
                .global("models.common", "Conv")
                .op(')', 0x81)
                .text("forward_fuse")
                .op(0x86, 'R')
                .stop());
    assertEquals("getattr", assertInstanceOf(Call.class, value).function().name());
  }

  @Property(tries = 200)
  void refusesEveryCallThatIsNotOnTheAllowList(
      @ForAll @Size(max = 60) String module, @ForAll @Size(min = 1, max = 60) String name) {
    String plain = module.replace("\n", "").replaceAll("\\p{Cs}", "");
    String plainName = name.replace("\n", "").replaceAll("\\p{Cs}", "");
    Global global = new Global("x" + plain, "y" + plainName);
    assertRefused(
        new PickleBuilder().global(global.module(), global.name()).op(')', 'R').stop(),
        "not allowed");
    assertRefused(
        new PickleBuilder()
            .op('(', 'i')
            .bytes((global.module() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .bytes((global.name() + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .stop(),
        "not allowed");
    assertRefused(
        new PickleBuilder().op('(').global(global.module(), global.name()).op('o').stop(),
        "not allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "builtins, eval",
    "builtins, exec",
    "importlib, import_module",
    "torch._utils, _rebuild_qtensor",
    "torch._utils._rebuild_tensor_v2, __call__",
    "Collections, OrderedDict",
    "collections, OrderedDict.fromkeys"
  })
  void namesTheRefusedCallAndItsByteOffset(String module, String name) {
    byte[] pickle =
        new PickleBuilder().op(0x80, 2).global(module, name).op(')', 'R', '0', 'N').stop();
    int at = pickle.length - 4;
    assertRefused(pickle, "byte " + at + ":", "a call of " + module + "." + name);
  }

  @Test
  void refusesGetattrOnObjectsThatThePickleDidNotMake() {
    assertRefused(
        new PickleBuilder()
            .global("builtins", "getattr")
            .global("os", "path")
            .text("join")
            .op(0x86, 'R')
            .stop(),
        "builtins.getattr on os.path");
  }

  @Test
  void refusesToCallTheResultOfACall() {
    assertRefused(
        new PickleBuilder()
            .global("builtins", "getattr")
            .global("models.common", "Conv")
            .text("forward")
            .op(0x86, 'R', ')', 'R')
            .stop(),
        "a call of a value of builtins.getattr");
  }

  @Test
  void refusesBuildOnAGlobalAndOnATensor() {
    assertRefused(
        new PickleBuilder()
            .global("torch._utils", "_rebuild_tensor_v2")
            .op('N', '}', 0x86, 'b')
            .stop(),
        "BUILD sets the state of torch._utils._rebuild_tensor_v2");
    assertRefused(
        new PickleBuilder()
            .global("torch._utils", "_rebuild_tensor_v2")
            .op(')', 'R', '}', 'b')
            .stop(),
        "BUILD");
  }

  @Test
  void refusesItemsOnValuesOfTheWrongType() {
    assertRefused(
        new PickleBuilder()
            .global("torch._utils", "_rebuild_tensor_v2")
            .op(')', 'R', 'N', 'N', 's')
            .stop(),
        "SETITEM on a value of torch._utils._rebuild_tensor_v2");
    assertRefused(new PickleBuilder().op('}', 'N', 'a').stop(), "APPEND on a value of kind dict");
    assertRefused(new PickleBuilder().op(']', '(', 'N', 'N', 'u').stop(), "SETITEMS");
    assertRefused(new PickleBuilder().op('}', '(', 'N', 'u').stop(), "key without a value");
    assertRefused(new PickleBuilder().op('}', ']', 'N', 's').stop(), "key of a dict");
  }

  @Test
  void refusesDuplicateKeys() {
    assertRefused(
        new PickleBuilder().op('}').text("a").op('N', 's').text("a").op('N', 's').stop(),
        "twice: \"a\"");
    assertRefused(new PickleBuilder().op('}', 'K', 1, 'N', 's', 0x88, 'N', 's').stop(), "twice");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x82, 0x83, 0x84})
  void refusesTheExtensionRegistry(int opcode) {
    assertRefused(new PickleBuilder().op(opcode, 1, 0, 0, 0).stop(), "EXT");
  }

  @Test
  void refusesOpcodesThatDoNotExistAndNewerProtocols() {
    assertRefused(new PickleBuilder().op(0xFE).stop(), "0xfe is not an opcode");
    assertRefused(new PickleBuilder().op(0x80, 6).stop(), "protocol 6");
  }

  @Test
  void refusesMemoEntriesThatWereNeverPut() {
    assertRefused(
        new PickleBuilder().op('N', 'r').int32(0x7FFFFFFF).op('j').int32(0x7FFFFFFE).stop(),
        "memo entry 2147483646");
    assertRefused(new PickleBuilder().ascii("Np-1\n").stop(), "negative");
  }

  @Test
  void comparesEachLengthWithTheRemainingBytes() {
    assertRefused(
        new PickleBuilder().op(0x8E).int64(1L << 62).ascii("abc").stop(), "beyond the end");
    assertRefused(new PickleBuilder().op('X').int32(-1).ascii("abc").stop(), "4294967295");
    assertRefused(new PickleBuilder().op(0x8B).int32(-1).stop(), "beyond the end");
    assertRefused(new PickleBuilder().op(0x95).int64(100).op('N').stop(), "frame");
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    assertRefused(new PickleBuilder().op('U', 2, 0xC3, 0x28).stop(), "UTF-8");
    assertRefused(new PickleBuilder().op('X').int32(3).op(0xED, 0xA0, 0x80).stop(), "UTF-8");
    assertRefused(new PickleBuilder().ascii("V\\ud800\n").stop(), "surrogate");
  }

  @Test
  void refusesStackUnderflowAndValuesThatRemain() {
    assertRefused(new PickleBuilder().stop(), "stack is empty");
    assertRefused(new PickleBuilder().op('N', '(', '0', '0').stop(), "stack is empty");
    assertRefused(new PickleBuilder().op('N', '(', 0x85).stop(), "stack is empty");
    assertRefused(new PickleBuilder().op('N', 'N').stop(), "values remain on the stack");
    assertRefused(new PickleBuilder().op('N', 't').stop(), "MARK");
  }

  @Test
  void refusesUnknownPersistentIds() {
    assertRefused(new PickleBuilder().ascii("Pposix\n").stop(), "persistent id");
    assertRefused(new PickleBuilder().text("x").op('Q').stop(), "persistent id");
    assertRefused(new PickleBuilder().text("secret").op(0x85, 'Q').stop(), "\"secret\"");
  }

  @Test
  void reportsTruncationAtEveryLength() {
    byte[] pickle =
        new PickleBuilder().op(0x80, 2, ']', 'q', 0, '(').text("abc").op('K', 1, 'e').stop();
    for (int length = 0; length < pickle.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(pickle, length);
      assertTrue(readError(cut).contains("end"), readError(cut));
    }
  }

  @Test
  void readsDeepNestingWithoutRecursion() {
    PickleBuilder stream = new PickleBuilder().op(')');
    for (int i = 0; i < 300_000; i++) {
      stream.op(0x85);
    }
    PickleValue value = read(stream.stop());
    assertTrue(value.toString().length() < 200);
    assertEquals(value.hashCode(), value.hashCode());
  }

  @Test
  void stopsAtTheMemoryBudget() {
    PickleBuilder stream = new PickleBuilder();
    for (int i = 0; i < 2_000_000; i++) {
      stream.op('}');
    }
    assertRefused(stream.stop(), "memory limit");
  }

  @Test
  void readsManyKeysOfEqualHash() {
    PickleBuilder stream = new PickleBuilder().op('}', '(');
    for (int i = 0; i < 1 << 14; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      stream.text(key.toString()).op('N');
    }
    assertEquals(
        1 << 14, assertInstanceOf(Dict.class, read(stream.op('u').stop())).entries().size());
  }

  /** A HashMap finds such keys in logarithmic time; others with equal hashes in linear time. */
  @Test
  void keysComparedByContentAreComparableAndHashDifferentlyPerType() {
    List<PickleValue> keys =
        List.of(
            new Int(7),
            new BigInt(BigInteger.valueOf(7)),
            new Text("\u0007"),
            new Global("", "\u0007"),
            new Real(Double.longBitsToDouble(7)));
    for (PickleValue key : keys) {
      assertEquals(
          "java.lang.Comparable<" + key.getClass().getTypeName() + ">",
          java.util.Arrays.stream(key.getClass().getGenericInterfaces())
              .map(java.lang.reflect.Type::getTypeName)
              .filter(name -> name.startsWith("java.lang.Comparable"))
              .findFirst()
              .orElse("none"));
    }
    assertEquals(keys.size(), keys.stream().map(PickleValue::hashCode).distinct().count());
  }

  @Test
  void stopsReadingAtStop() {
    PickleReader reader = reader(new byte[] {'N', '.', 1, 2, 3});
    reader.read();
    assertEquals(2, reader.position());
  }
}
