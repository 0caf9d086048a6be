package ai.irmb.internal.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class SafetensorsTest {
  private static SafetensorsFile read(byte[] bytes) {
    return SafetensorsReader.read(
        WeightFile.of("a.safetensors", bytes), Limits.DEFAULTS, new MemoryBudget(bytes.length));
  }

  private static byte[] file(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  @Property(tries = 100)
  void readsBackWhatWasWritten(
      @ForAll("names") List<String> names, @ForAll Map<String, String> metadata, @ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      tensors.put(name, tensor(random));
    }
    Map<String, String> texts = new LinkedHashMap<>();
    metadata.forEach((key, value) -> texts.put(wellFormed(key), wellFormed(value)));
    Path file = Files.createTempFile("round", ".safetensors");
    try {
      SafetensorsWriter.write(file, new SafetensorsFile(texts, tensors), StoragePrecision.KEEP);
      byte[] bytes = Files.readAllBytes(file);
      assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0) % 8);
      SafetensorsFile back = read(bytes);
      assertEquals(texts, back.metadata());
      assertEquals(List.copyOf(tensors.keySet()), List.copyOf(back.tensors().keySet()));
      tensors.forEach((name, tensor) -> assertSame(tensor, back.tensors().get(name)));
    } finally {
      Files.delete(file);
    }
  }

  private static void assertSame(
      HostTensor expected, @org.jspecify.annotations.Nullable HostTensor actual) {
    HostTensor other = Objects.requireNonNull(actual);
    assertEquals(expected.dtype(), other.dtype());
    assertEquals(expected.shape(), other.shape());
    assertEquals(expected.bytes(), other.bytes());
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.strings()
        .map(SafetensorsTest::wellFormed)
        .filter(name -> !name.equals("__metadata__"))
        .list()
        .uniqueElements()
        .ofMaxSize(8);
  }

  private static String wellFormed(String text) {
    return text.replaceAll("\\p{Cs}", "");
  }

  private static HostTensor tensor(Random random) {
    List<DType> all = List.of(DType.values());
    DType dtype = all.get(random.nextInt(all.size()));
    long[] sizes = random.longs(random.nextInt(5), 0, 5).toArray();
    Shape shape = Shape.of(sizes);
    byte[] data = new byte[(int) shape.elements() * dtype.bytes()];
    random.nextBytes(data);
    return new HostTensor(dtype, shape, ByteBuffer.wrap(data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 9 | trailing",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 7 | truncated",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 12 | gap",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 8 | shape",
        "{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | 8 | F8_E4M3",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 8 | shape",
        "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | 8 | shape",
        "{'a':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | 8 | dimensions",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 8 | data_offsets",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | overflow",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | 8 | only these",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':1} | 8 | twice",
        "{'__metadata__':{'a':1}} | 0 | metadata",
        "{'__metadata__':null} | 0 | metadata",
        "{'a':[[[[[[[[[1]]]]]]]]]} | 0 | deeper",
        "{'a':NaN} | 0 | JSON",
        "{/* */} | 0 | JSON",
        "{} {} | 0 | JSON",
        "{'\\ud800':1} | 0 | surrogate",
        "{ | 0 | JSON"
      })
  void refusesMalformedHeaders(String header, int data, String word) {
    byte[] bytes = file(header.replace('\'', '"'), data);
    String message =
        String.valueOf(assertThrows(WeightsException.class, () -> read(bytes)).getMessage());
    assertTrue(message.startsWith("a.safetensors: header: ") && message.contains(word), message);
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807", "-1", "1000", "17"})
  void refusesAHeaderLongerThanTheFile(long length) {
    byte[] bytes =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .array();
    String message =
        String.valueOf(assertThrows(WeightsException.class, () -> read(bytes)).getMessage());
    assertTrue(message.contains("beyond the end of the file"), message);
  }
}
