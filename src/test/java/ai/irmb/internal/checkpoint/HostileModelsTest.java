package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.pickle.Stream;
import ai.irmb.internal.weights.torch.Archive;
import ai.irmb.limit.Limits;
import ai.irmb.testing.Bounded;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that are well formed and say of tensors and modules what cannot be, or too much. */
class HostileModelsTest {
  private static final long HUGE = 1L << 62;

  /** {@return a state dict of one tensor, {@code w}, on a storage of four numbers} */
  private static byte[] tensor(Stream tensor) {
    return archive(new Stream().op(0x80, 2, '}').text("w").stream(tensor).op('s').stop());
  }

  private static byte[] archive(byte[] pickle) {
    return new Archive()
        .put("m/data.pkl", pickle)
        .put("m/data/0", new byte[16])
        .put("m/version", new byte[] {'3', '\n'})
        .bytes();
  }

  private static Stream storage(String type, String key, long count) {
    return new Stream()
        .op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(count)
        .op('t', 'Q');
  }

  private static Stream rebuilt(Stream storage, long offset, long[] sizes, long[] strides) {
    Stream call = new Stream().global("torch._utils", "_rebuild_tensor_v2").op('(').stream(storage);
    return call.number(offset).stream(tuple(sizes)).stream(tuple(strides)).op(0x89).stream(
            ordered())
        .op('t', 'R');
  }

  private static Stream ordered() {
    return new Stream().global("collections", "OrderedDict").op(')', 'R');
  }

  private static Stream tuple(long... values) {
    Stream tuple = new Stream().op('(');
    Arrays.stream(values).forEach(tuple::number);
    return tuple.op('t');
  }

  private static Stream floats(long offset, long[] sizes, long[] strides) {
    return rebuilt(storage("FloatStorage", "0", 4), offset, sizes, strides);
  }

  private static long[] of(long... values) {
    return values;
  }

  private static Bounded.Outcome<Checkpoint, WeightsException> read(byte[] file) {
    return Bounded.run(
        Bounded.forWeights(file.length),
        WeightsException.class,
        () -> CheckpointReader.read(WeightFile.of("best.pt", file), Limits.DEFAULTS));
  }

  private static String refusal(byte[] file) {
    WeightsException failure = read(file).failure();
    assertNotNull(failure, "it was taken");
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.startsWith("best.pt: "), message);
    return message.toLowerCase(Locale.ROOT);
  }

  @TestFactory
  java.util.stream.Stream<DynamicTest> refusesTensorsThatDoNotLieInTheirStorage() {
    Map<String, Stream> cases = new LinkedHashMap<>();
    cases.put("one too many", floats(0, of(5), of(1)));
    cases.put("an offset too far", floats(1, of(4), of(1)));
    cases.put("an offset at the end", floats(4, of(1), of(1)));
    cases.put("an empty one beyond the end", floats(5, of(0), of(1)));
    cases.put("a negative offset", floats(-1, of(4), of(1)));
    cases.put("a negative size", floats(0, of(-4), of(1)));
    cases.put("two negative sizes", floats(0, of(-2, -2), of(2, 1)));
    cases.put("a negative stride", floats(3, of(4), of(-1)));
    cases.put("a stride too large", floats(0, of(2, 2), of(3, 1)));
    cases.put("a stride that overflows", floats(0, of(3, 2), of(HUGE, 1)));
    cases.put("an offset that overflows", floats(Long.MAX_VALUE, of(2), of(1)));
    cases.put("a size that overflows", floats(0, of(HUGE, 4), of(0, 0)));
    cases.put("sizes that come to zero", floats(0, of(1L << 32, 1L << 32), of(0, 0)));
    cases.put("one number as a terabyte", floats(0, of(1L << 40), of(0)));
    cases.put("one number as a gigabyte", floats(0, of(1L << 28), of(0)));
    cases.put("more sizes than strides", floats(0, of(2, 2), of(1)));
    cases.put("nine axes", floats(0, of(1, 1, 1, 1, 1, 1, 1, 1, 1), of(1, 1, 1, 1, 1, 1, 1, 1, 1)));
    cases.put("a thousand axes", floats(0, new long[1000], new long[1000]));
    cases.put("a storage too short", rebuilt(storage("FloatStorage", "0", 3), 0, of(3), of(1)));
    cases.put("a storage too long", rebuilt(storage("FloatStorage", "0", 5), 0, of(4), of(1)));
    cases.put("another type", rebuilt(storage("DoubleStorage", "0", 4), 0, of(2), of(1)));
    cases.put("a negative storage", rebuilt(storage("FloatStorage", "0", -4), 0, of(1), of(1)));
    cases.put("a huge storage", rebuilt(storage("FloatStorage", "0", HUGE), 0, of(1), of(1)));
    cases.put("a storage of bits", rebuilt(storage("QInt8Storage", "0", 16), 0, of(1), of(1)));
    cases.put("complex numbers", rebuilt(storage("ComplexFloatStorage", "0", 2), 0, of(2), of(1)));
    cases.put("an untyped storage", rebuilt(storage("UntypedStorage", "0", 16), 0, of(4), of(1)));
    for (String key : new String[] {"1", "../0", "/etc/hostname", "0/../0", "", "0\0", "a b"}) {
      cases.put("the storage " + key, rebuilt(storage("FloatStorage", key, 4), 0, of(4), of(1)));
    }
    cases.put(
        "an offset of text",
        new Stream()
            .global("torch._utils", "_rebuild_tensor_v2").op('(').stream(
                    storage("FloatStorage", "0", 4))
                .text("0")
                .stream(tuple(4))
                .stream(tuple(1))
                .op(0x89, 'N', 't', 'R'));
    cases.put(
        "no arguments", new Stream().global("torch._utils", "_rebuild_tensor_v2").op(')', 'R'));
    cases.put(
        "a parameter of a number",
        new Stream()
            .global("torch._utils", "_rebuild_parameter").op('K', 1, 0x88).stream(ordered())
                .op(0x87, 'R'));
    return cases.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      String message = refusal(tensor(e.getValue()));
                      assertTrue(message.contains("w") || message.contains("data"), message);
                    }));
  }

  @Test
  void takesEmptyTensorsOfAnySizesAndStepsOfNothing() {
    for (Stream each :
        new Stream[] {
          floats(0, of(1L << 40, 1L << 40, 0), of(1, 1, 1)),
          floats(4, of(0), of(1)),
          floats(0, of(), of()),
          floats(3, of(1), of(HUGE)),
          floats(0, of(4, 3), of(1, 0)),
          floats(0, of(2, 2), of(1, 2))
        }) {
      Bounded.Outcome<Checkpoint, WeightsException> outcome = read(tensor(each));
      assertNotNull(outcome.value(), () -> String.valueOf(outcome.failure()));
    }
  }

  /** Twenty thousand names for one storage of a megabyte would be written out as 20 GB. */
  @Test
  void refusesOneStorageUnderSoManyNamesThatItBecomesHuge() {
    Stream pickle = new Stream().op(0x80, 2, '}').text("first");
    pickle.stream(rebuilt(storage("ByteStorage", "0", 1 << 20), 0, of(1 << 20), of(1)));
    pickle.op('r').int32(7).op('s');
    for (int i = 0; i < 20_000; i++) {
      pickle.text("w" + i).op('h', 7, 's');
    }
    byte[] file =
        new Archive().put("m/data.pkl", pickle.stop()).put("m/data/0", new byte[1 << 20]).bytes();
    assertTrue(refusal(file).contains("share storages"), refusal(file));
  }

  @Test
  void looksOnlySoOftenForWrappersInFrontOfAName() {
    byte[] file =
        archive(
            new Stream()
                .op(0x80, 2, '}').text("module.".repeat(140_000) + "w").stream(
                        floats(0, of(4), of(1)))
                    .op('s')
                    .stop());
    assertNotNull(read(file).value());
  }

  /** {@return an instance of a module class with these parts in its state} */
  private static Stream module(String type, Stream modules, Stream parameters) {
    return new Stream()
        .text("models.yolo").text(type).op(0x93, ')', 0x81, '}').text("_modules").stream(modules)
            .op('s')
            .text("_parameters")
            .stream(parameters)
            .op('s', 'b');
  }

  private static byte[] model(Stream module) {
    return archive(new Stream().op(0x80, 2, '}').text("model").stream(module).op('s').stop());
  }

  private static Stream empty() {
    return new Stream().op('}');
  }

  @Test
  void refusesAModuleThatContainsItself() {
    Stream self =
        new Stream()
            .global("models.yolo", "Model")
            .op(')', 0x81, 'q', 9, '}')
            .text("_modules")
            .op('}')
            .text("again")
            .op('h', 9, 's', 's', 'b');
    assertTrue(refusal(model(self)).contains("nested deeper than the limit of 200"));
  }

  @ParameterizedTest
  @ValueSource(ints = {150, 5_000})
  void walksAsDeepAsTheLimitOnASmallStack(int depth) {
    Stream inner = module("M", empty(), empty());
    for (int i = 0; i < depth; i++) {
      inner = module("M", new Stream().op('}').text("m").stream(inner).op('s'), empty());
    }
    Bounded.Outcome<Checkpoint, WeightsException> outcome = read(model(inner));
    assertEquals(depth < 200, outcome.value() != null);
  }

  /** Modules that share children, level by level: 10 to the power of 8 when walked. */
  @Test
  void refusesModulesThatMultiply() {
    Stream inner = module("M", empty(), empty()).op('q', 10);
    for (int level = 11; level < 19; level++) {
      Stream children = new Stream().op('}').text("0");
      children.stream(inner).op('s');
      for (int i = 1; i < 10; i++) {
        children.text("" + i).op('h', level - 1, 's');
      }
      inner = module("M", children, empty()).op('q', level);
    }
    assertTrue(refusal(model(inner)).matches(".*(more than 100000 modules|memory limit).*"));
  }

  /** One child with many parameters, empty entries or attributes, met many times. */
  @ParameterizedTest
  @ValueSource(strings = {"tensors", "nothing", "numbers"})
  void refusesAChildThatIsLargeAndSharedByMany(String kind) {
    Stream parameters = new Stream().op('}');
    if (!kind.equals("numbers")) {
      Stream tensor = kind.equals("tensors") ? floats(0, of(4), of(1)) : new Stream().op('N');
      parameters.text("first").stream(tensor).op('q', 5, 's');
      for (int i = 0; i < 20_000; i++) {
        parameters.text("p" + i).op('h', 5, 's');
      }
    }
    Stream child = module("M", empty(), parameters);
    if (kind.equals("numbers")) {
      child.op('}').text("list").op(']', '(');
      for (int i = 0; i < 9_000; i++) {
        child.op('K', 1);
      }
      child =
          new Stream()
              .global("models.yolo", "M")
              .op(')', 0x81, '}')
              .text("_modules")
              .op('}', 's')
              .text("list")
              .op(']', '(')
              .bytes(ones(9_000))
              .op('e', 's', 'b');
    }
    Stream children = new Stream().op('}').text("c").stream(child).op('q', 6, 's');
    for (int i = 0; i < 20_000; i++) {
      children.text("c" + i).op('h', 6, 's');
    }
    String message = refusal(model(module("Model", children, empty())));
    assertTrue(message.contains("memory limit"), message);
  }

  private static byte[] ones(int count) {
    byte[] out = new byte[2 * count];
    for (int i = 0; i < out.length; i += 2) {
      out[i] = 'K';
      out[i + 1] = 1;
    }
    return out;
  }

  @Test
  void showsNoControlCharactersAndNoEndlessNames() {
    Stream inner = module("M\u001b[2J\n" + "x".repeat(100_000), empty(), empty());
    byte[] file =
        model(module("Model", new Stream().op('}').text("model").stream(inner).op('s'), empty()));
    Checkpoint checkpoint = read(file).value();
    assertNotNull(checkpoint);
    WeightsException failure =
        org.junit.jupiter.api.Assertions.assertThrows(
            WeightsException.class,
            () ->
                ai.irmb.internal.network.ModelAssembly.assemble(
                    checkpoint,
                    null,
                    ai.irmb.internal.block.BlockRegistry.standard(),
                    Limits.DEFAULTS));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.length() < 2100, "length " + message.length());
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
  }
}
