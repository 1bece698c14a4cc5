package dev.buzon.benchmark;

import dev.buzon.invoice.InvoiceLoop;
import dev.buzon.simulate.MadeUp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What each byte of a file costs on one core: megabytes of invoices a second, hashed and made into line items. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InnerLoops {

    private final byte[] megabyte = invoices();

    public static void main(String[] args) throws RunnerException {
        new Runner(new OptionsBuilder().include(InnerLoops.class.getName()).build()).run();
    }

    private static byte[] invoices() {
        Random random = new Random(1);
        StringBuilder made = new StringBuilder();
        while (made.length() < 1_000_000) {
            made.append(MadeUp.INVOICES.content(random));
        }
        int end = made.lastIndexOf("\n", 1_000_000) + 1;
        return made.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }

    @Benchmark
    public void throughJackson() throws IOException {
        InvoiceLoop.write(megabyte, false, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void plain() throws IOException {
        InvoiceLoop.write(megabyte, true, OutputStream.nullOutputStream());
    }

    @Benchmark
    public byte[] sha256() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(megabyte);
    }
}
