package ai.irmb.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.BlockType;
import ai.irmb.internal.block.yolo.YoloBlocks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class BlockRegistryTest {
  @Test
  void noTwoBlocksHaveTheSamePythonClass() {
    List<String> classes =
        new ArrayList<>(
            YoloBlocks.ALL.stream()
                .map(type -> type.name().substring(type.name().lastIndexOf('.') + 1))
                .toList());
    assertEquals(new HashSet<>(classes).size(), classes.size(), classes.toString());
  }

  @Test
  void yamlsCanNameTheBlocksThatHaveADeclaration() {
    for (BlockType type : YoloBlocks.ALL) {
      assertEquals(type.declarer() != null, BlockRegistry.standard().names().contains(type.name()));
    }
    assertTrue(BlockRegistry.standard().names().size() > 30);
  }
}
