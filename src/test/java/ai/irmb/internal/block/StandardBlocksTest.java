package ai.irmb.internal.block;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import ai.irmb.block.BlockType;
import org.junit.jupiter.api.Test;

/** What a name stands for is looked up late: each name has to stand for something. */
class StandardBlocksTest {
  @Test
  void rowsCanBeDeclaredAndTheirClassesRead() {
    for (String name : StandardBlocks.ROWS) {
      assertNotNull(StandardBlocks.of(name).declarer(), name);
      String className = BlockType.className(name);
      assertEquals(name, requireNonNull(StandardBlocks.ofClass(className)).name());
    }
  }

  @Test
  void innerClassesCanBeRead() {
    for (String name : StandardBlocks.INNER) {
      assertEquals(name, requireNonNull(StandardBlocks.ofClass(name)).name());
    }
  }
}
