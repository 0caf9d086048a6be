/**
 * The blocks of YOLOv5 and of its iRMB variants, one file each, in terms of the public service
 * interface only. {@link ai.irmb.internal.block.yolo.YoloBlocks} lists them.
 */
@NullMarked
package ai.irmb.internal.block.yolo;

import org.jspecify.annotations.NullMarked;
