/**
 * The blocks of YOLOv5 and of its iRMB variants, one file each; they use only the public service
 * interface. {@link ai.irmb.internal.block.yolo.YoloBlocks} lists them.
 */
@NullMarked
package ai.irmb.internal.block.yolo;

import org.jspecify.annotations.NullMarked;
