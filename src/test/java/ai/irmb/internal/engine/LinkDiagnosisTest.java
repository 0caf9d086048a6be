package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each message of a linker, or of the JVM, gets the remedy that belongs to it. */
@Tag("fast")
class LinkDiagnosisTest {
  private static final String LIBRARY = "/cache/pytorch/2.7.1-cpu/libtorch_cpu.so";

  private static void assertAdvice(String message, String... parts) {
    String advice = LinkDiagnosis.explain(message);
    assertTrue(advice.contains("(" + message + ")"), advice);
    for (String part : parts) {
      assertTrue(advice.contains(part), advice);
    }
  }

  @Test
  void namesTheFolderThatIsMountedNoexec() {
    assertAdvice(
        LIBRARY + ": " + LIBRARY + ": failed to map segment from shared object",
        "the file system of /cache/pytorch/2.7.1-cpu is mounted noexec",
        "DJL_CACHE_DIR");
    assertAdvice(
        LIBRARY + ": failed to map segment from shared object: Operation not permitted",
        "the file system of /cache/pytorch/2.7.1-cpu is mounted noexec");
    assertAdvice("libc10.so: failed to map segment from shared object", "noexec", "pytorch");
  }

  @Test
  void namesALackOfMemory() {
    assertAdvice(
        LIBRARY + ": failed to map segment from shared object: Cannot allocate memory",
        "not enough memory",
        "memory limit");
    assertAdvice(
        LIBRARY + ": cannot create shared object descriptor: Cannot allocate memory",
        "not enough memory");
  }

  @Test
  void namesThePackageOfAMissingLibrary() {
    String rest = ": cannot open shared object file: No such file or directory";
    assertAdvice(LIBRARY + ": libgomp.so.1" + rest, "install libgomp1 (Debian");
    assertAdvice(LIBRARY + ": libstdc++.so.6" + rest, "install libstdc++6 (Debian");
    assertAdvice("libgcc_s.so.1" + rest, "install libgcc-s1 (Debian");
    assertAdvice(LIBRARY + ": libnuma.so.1" + rest, "package that contains libnuma.so.1");
    assertAdvice(
        "C:\\cache\\torch.dll: Can't find dependent libraries", "Visual C++ Redistributable");
  }

  @Test
  void namesTheRunTimeThatIsTooOld() {
    for (String version :
        List.of("GLIBCXX_3.4.32", "CXXABI_1.3.13", "GCC_12.0.0", "GOMP_5.0", "OMP_5.0")) {
      assertAdvice(
          "/usr/lib/libstdc++.so.6: version `"
              + version
              + "' not found (required by "
              + LIBRARY
              + ")",
          "newer libstdc++, libgcc or libgomp",
          "LD_LIBRARY_PATH");
    }
    assertAdvice(
        "/lib64/libm.so.6: version `GLIBC_2.27' not found (required by " + LIBRARY + ")",
        "newer C library");
  }

  @Test
  void namesMusl() {
    assertAdvice(
        "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by "
            + LIBRARY
            + ")",
        "musl (Alpine)",
        "glibc");
    assertAdvice("Error relocating " + LIBRARY + ": __strdup: symbol not found", "musl (Alpine)");
    assertAdvice(
        LIBRARY
            + ": libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory",
        "musl (Alpine)");
    assertAdvice(
        LIBRARY
            + ": ld-linux-x86-64.so.2: cannot open shared object file: No such file or directory",
        "package that contains ld-linux-x86-64.so.2");
  }

  @Test
  void namesAnotherArchitecture() {
    for (String message :
        List.of(
            LIBRARY + ": wrong ELF class: ELFCLASS32",
            LIBRARY
                + ": cannot open shared object file: No such file or directory (Possible cause:"
                + " can't load AARCH64 .so on a AMD 64 platform)",
            LIBRARY + ": invalid ELF header (Possible cause: endianness mismatch)",
            "dlopen(libtorch.dylib, 0x0001): (mach-o file, but is an incompatible architecture"
                + " (have 'x86_64', need 'arm64'))",
            "torch.dll: %1 is not a valid Win32 application")) {
      assertAdvice(message, "for another processor");
    }
  }

  @Test
  void namesALibraryThatWasCutShort() {
    for (String symptom :
        List.of(
            "file too short",
            "invalid ELF header",
            "ELF load command address/offset not properly aligned",
            "ELF load command past end of file",
            "object file has no loadable segments",
            "cannot read file data: Input/output error")) {
      assertAdvice(
          LIBRARY + ": " + symptom, "cut short", "delete the folder /cache/pytorch/2.7.1-cpu");
    }
  }

  @Test
  void namesAMissingPermission() {
    assertAdvice(
        LIBRARY + ": cannot open shared object file: Permission denied",
        "in /cache/pytorch/2.7.1-cpu",
        "DJL_CACHE_DIR");
    assertAdvice(
        LIBRARY + ": cannot restore segment prot after reloc: Permission denied", "SELinux");
    assertAdvice(
        LIBRARY + ": cannot enable executable stack as shared object requires: Invalid argument",
        "newer PyTorch");
    assertAdvice("torch.dll: Access is denied", "may not read or execute");
  }

  @Test
  void namesAnotherClassLoader() {
    assertAdvice(
        "Native Library " + LIBRARY + " already loaded in another classloader",
        "another class loader of this JVM has already loaded");
  }

  @Test
  void keepsOtherMessages() {
    String other = LIBRARY + ": undefined symbol: _ZN3c104impl8GPUTrace13gpuTraceStateE";
    assertAdvice(other, "do not load on", "the versions that go together");
    assertEquals(-1, LinkDiagnosis.explain(other).indexOf("install"));
  }
}
