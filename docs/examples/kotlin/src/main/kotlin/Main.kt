package example

import ai.irmb.Detector
import kotlin.io.path.Path

/** Prints how many objects of each class an image has, then each with more than a half of confidence. */
fun main(arguments: Array<String>) {
    val (weights, image) = arguments.map { Path(it) }
    Detector.load(weights).use { detector ->
        val detections = detector.detect(image)
        println(detections.groupingBy { it.label() }.eachCount())
        detections.filter { it.confidence() > 0.5 }.forEach(::println)
    }
}
