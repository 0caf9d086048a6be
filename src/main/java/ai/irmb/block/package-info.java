/**
 * The service interface for blocks: how an application adds a block of its own. A {@link
 * ai.irmb.block.BlockType} declares the modules that a YAML layer creates, and reads a {@link
 * ai.irmb.block.Block} from such modules with their weights.
 */
@NullMarked
package ai.irmb.block;

import org.jspecify.annotations.NullMarked;
