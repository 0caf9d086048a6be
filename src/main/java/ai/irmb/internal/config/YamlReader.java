package ai.irmb.internal.config;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.config.Value.BoolValue;
import ai.irmb.internal.config.Value.DoubleValue;
import ai.irmb.internal.config.Value.IntValue;
import ai.irmb.internal.config.Value.ListValue;
import ai.irmb.internal.config.Value.MapValue;
import ai.irmb.internal.config.Value.NullValue;
import ai.irmb.internal.config.Value.StringValue;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.limit.LimitMessages;
import ai.irmb.internal.text.DecimalText;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Parses YAML text to a {@link Value}. It processes the parser's events one by one, so that depth,
 * aliases and duplicate keys are checked before objects are created. Types are those of YAML 1.1,
 * as in PyYAML. An instance reads one text.
 */
final class YamlReader {
  private static final int MAX_VALUES = 1_000_000;
  private static final String NOT_IN_COMMENTS =
      "[\\x{80}-\\x{9F}\\x{2028}\\x{2029}\\x{FFFE}\\x{FFFF}]";

  private final String source;
  private final Limits limits;
  private final Resolver resolver = new Resolver();
  private final Deque<Collection> open = new ArrayDeque<>();
  private final Map<String, Optional<Value>> anchors = new HashMap<>();
  private int aliases;
  private boolean started;
  private boolean isUtf8 = true;
  private @Nullable Value root;

  private YamlReader(String source, Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  /** A sequence or mapping that has started and not ended. */
  private static final class Collection {
    final @Nullable String anchor;
    final TextPosition position;
    final @Nullable List<Value> items;
    final @Nullable Map<String, Value> table;
    @Nullable String key;
    long size = 1;

    Collection(@Nullable String anchor, TextPosition position, boolean mapping) {
      this.anchor = anchor;
      this.position = position;
      this.items = mapping ? null : new ArrayList<>();
      this.table = mapping ? new LinkedHashMap<>() : null;
    }

    Value close() {
      return items != null
          ? new ListValue(items, position)
          : new MapValue(table == null ? Map.of() : table, position);
    }
  }

  static Value read(String source, byte[] bytes, Limits limits) {
    if (bytes.length > limits.getInt(Limit.YAML_BYTES)) {
      throw new ModelConfigException(
          source
              + ": "
              + bytes.length
              + " bytes are more than "
              + LimitMessages.limit(limits, Limit.YAML_BYTES));
    }
    YamlReader reader = new YamlReader(source, limits);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(limits.getInt(Limit.YAML_BYTES));
    try {
      for (Event event : new Yaml(options).parse(new StringReader(reader.decode(bytes)))) {
        reader.accept(event);
      }
    } catch (MarkedYAMLException e) {
      throw new ModelConfigException(
          position(e.getProblemMark()).in(source) + ": this is not YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new ModelConfigException(source + ": this is not YAML: " + firstLine(e), e);
    }
    if (reader.root == null) {
      throw new ModelConfigException(source + ": the file is empty; a YAML was expected");
    }
    return reader.root;
  }

  private static String firstLine(YAMLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /**
   * Decodes UTF-8. Bytes in another encoding, as comments may have, become U+FFFD, and so do
   * characters that YAML would take for the end of the comment or refuse. {@link #scalar} refuses
   * U+FFFD outside comments.
   */
  private String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    try {
      return decoder.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      isUtf8 = false;
      return new String(bytes, StandardCharsets.UTF_8).replaceAll(NOT_IN_COMMENTS, "\uFFFD");
    }
  }

  private static TextPosition position(@Nullable Mark mark) {
    return mark == null
        ? TextPosition.NONE
        : new TextPosition(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** {@return an error about a value, with the key that it belongs to} */
  private ModelConfigException error(TextPosition position, String problem) {
    String key = "";
    for (Collection collection : open) {
      if (collection.key != null) {
        key = Quoting.escapeName(collection.key) + ": ";
        break;
      }
    }
    return new ModelConfigException(position.in(source) + ": " + key + problem);
  }

  private void accept(Event event) {
    TextPosition at = position(event.getStartMark());
    if (event instanceof AliasEvent alias) {
      alias(alias.getAnchor(), at);
    } else if (event instanceof ScalarEvent scalar) {
      add(at, registerAnchor(scalar.getAnchor(), scalar(scalar, at)), 1);
    } else if (event instanceof SequenceStartEvent start) {
      beginCollection(start, start.getTag(), Tag.SEQ, at, false);
    } else if (event instanceof MappingStartEvent start) {
      beginCollection(start, start.getTag(), Tag.MAP, at, true);
    } else if (event.is(Event.ID.SequenceEnd) || event.is(Event.ID.MappingEnd)) {
      Collection ended = open.pop();
      Value value = ended.close();
      registerAnchor(ended.anchor, value);
      add(ended.position, value, ended.size);
    } else if (event instanceof DocumentStartEvent) {
      if (started) {
        throw error(at, "a second document begins; one was expected");
      }
      started = true;
    }
  }

  private void beginCollection(
      NodeEvent event, @Nullable String tag, Tag expectedTag, TextPosition at, boolean mapping) {
    if (tag != null && !tag.equals("!") && !tag.equals(expectedTag.getValue())) {
      throw error(at, "the tag " + Quoting.quote(tag) + " is not allowed in this YAML");
    }
    if (open.size() >= limits.getInt(Limit.YAML_DEPTH)) {
      throw nestedTooDeep(at);
    }
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), Optional.empty());
    }
    open.push(new Collection(event.getAnchor(), at, mapping));
  }

  private Value registerAnchor(@Nullable String anchor, Value value) {
    if (anchor != null) {
      anchors.put(anchor, Optional.of(value));
    }
    return value;
  }

  private void alias(String anchor, TextPosition at) {
    if (++aliases > limits.getInt(Limit.YAML_ALIASES)) {
      throw error(
          at, "there are more aliases than " + LimitMessages.limit(limits, Limit.YAML_ALIASES));
    }
    Optional<Value> value = anchors.get(anchor);
    if (value == null) {
      throw error(at, "the alias *" + anchor + " has no anchor");
    }
    if (value.isEmpty()) {
      throw error(at, "the alias *" + anchor + " refers to itself: it is inside its own anchor");
    }
    if (open.size() + depth(value.get()) > limits.getInt(Limit.YAML_DEPTH)) {
      throw nestedTooDeep(at);
    }
    add(at, value.get(), expandedSize(value.get()));
  }

  private ModelConfigException nestedTooDeep(TextPosition at) {
    return error(
        at, "values are nested deeper than " + LimitMessages.limit(limits, Limit.YAML_DEPTH));
  }

  /** The levels of lists and mappings in a value. The recursion is bounded by the depth limit. */
  private static int depth(Value value) {
    java.util.Collection<Value> items = List.of();
    if (value instanceof ListValue list) {
      items = list.values();
    } else if (value instanceof MapValue table) {
      items = table.entries().values();
    } else {
      return 0;
    }
    int deepest = 0;
    for (Value item : items) {
      deepest = Math.max(deepest, depth(item));
    }
    return 1 + deepest;
  }

  /** The number of values after expanding aliases. The recursion is bounded by the depth limit. */
  private static long expandedSize(Value value) {
    long size = 1;
    if (value instanceof ListValue items) {
      for (Value item : items.values()) {
        size += expandedSize(item);
        if (size > MAX_VALUES) {
          return size;
        }
      }
    } else if (value instanceof MapValue table) {
      for (Value item : table.entries().values()) {
        size += expandedSize(item);
        if (size > MAX_VALUES) {
          return size;
        }
      }
    }
    return size;
  }

  private void add(TextPosition at, Value value, long size) {
    Collection into = open.peek();
    if (into == null) {
      root = value;
      return;
    }
    into.size += size;
    if (into.size > MAX_VALUES) {
      throw error(at, "aliases make this larger than the limit of " + MAX_VALUES + " values");
    }
    if (into.items != null) {
      into.items.add(value);
    } else if (into.table != null) {
      addToMapping(into, into.table, value);
    }
  }

  private void addToMapping(Collection into, Map<String, Value> table, Value value) {
    if (into.key != null) {
      table.put(into.key, value);
      into.key = null;
      return;
    }
    String key = keyOf(value);
    if (table.containsKey(key)) {
      throw error(value.position(), "the key " + Quoting.quote(key) + " occurs twice");
    }
    into.key = key;
  }

  private String keyOf(Value value) {
    if (value instanceof StringValue text) {
      return text.value();
    }
    if (value instanceof IntValue || value instanceof BoolValue) {
      return String.valueOf(value.toPlainData());
    }
    throw error(value.position(), "a key must be text, found " + value.describe());
  }

  private Value scalar(ScalarEvent event, TextPosition at) {
    String text = event.getValue();
    if (!isUtf8 && text.indexOf('\uFFFD') >= 0) {
      throw error(at, "this is not text in UTF-8: " + Quoting.quote(text));
    }
    Tag tag;
    if (event.getTag() == null || event.getTag().equals("!")) {
      boolean plain = event.isPlain() && event.getTag() == null;
      tag = resolver.resolve(NodeId.scalar, text, plain);
    } else {
      tag = new Tag(event.getTag());
    }
    if (tag.equals(Tag.MERGE)) {
      throw error(at, "the merge key << is not supported; write out the merged keys");
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
      return new StringValue(text, at);
    }
    if (tag.equals(Tag.NULL)) {
      return new NullValue(at);
    }
    if (tag.equals(Tag.BOOL)) {
      return bool(text, at);
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(text, tag.equals(Tag.INT), at);
    }
    throw error(at, "the tag " + Quoting.quote(tag.getValue()) + " is not allowed in this YAML");
  }

  private Value bool(String text, TextPosition at) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> new BoolValue(true, at);
      case "false", "no", "off" -> new BoolValue(false, at);
      default -> throw error(at, "expected true or false, found " + Quoting.quote(text));
    };
  }

  /**
   * Accepts decimal numbers only, because YAML versions read octal, hexadecimal and base-60 ones
   * differently.
   */
  private Value number(String text, boolean isInteger, TextPosition at) {
    String digits = text.replace("_", "");
    try {
      if (isInteger && DecimalText.isInteger(digits) && !hasLeadingZero(digits)) {
        return new IntValue(Long.parseLong(digits), at);
      }
      if (!isInteger && DecimalText.isNumber(digits)) {
        double number = Double.parseDouble(digits);
        if (Double.isFinite(number)) {
          return new DoubleValue(number, at);
        }
      }
    } catch (NumberFormatException e) {
      throw error(at, "the number " + Quoting.quote(text) + " is out of range");
    }
    throw error(at, "expected a finite decimal number, found " + Quoting.quote(text));
  }

  private static boolean hasLeadingZero(String digits) {
    int first = Character.isDigit(digits.charAt(0)) ? 0 : 1;
    return digits.charAt(first) == '0' && digits.length() > first + 1;
  }
}
