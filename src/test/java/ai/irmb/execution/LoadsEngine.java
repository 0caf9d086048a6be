package ai.irmb.execution;

import ai.irmb.error.InferenceException;

/** A program that loads the engine and prints what becomes of it. */
public final class LoadsEngine {
  private LoadsEngine() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(EngineRuntime.describe());
    } catch (InferenceException e) {
      System.out.println(e.getMessage());
    }
  }
}
