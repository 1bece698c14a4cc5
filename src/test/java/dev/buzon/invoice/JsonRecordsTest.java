package dev.buzon.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {

    private static List<String> read(String text, JsonRecords.Layout layout, int max) throws Exception {
        List<String> found = new ArrayList<>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (JsonRecords records =
                new JsonRecords(new ByteArrayInputStream(bytes), layout, max, JsonRecords.newBuffer(), null)) {
            while (records.next()) {
                found.add(records.line()
                        + (records.isTooLong() ? "!" : ":")
                        + new String(records.bytes(), 0, records.length(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    @Test
    void aRecordALine() throws Exception {
        assertThat(read("{a}\n\n  \n{b}\r\nc", JsonRecords.Layout.LINES, 100)).containsExactly("1:{a}", "4:{b}", "5:c");
    }

    @Test
    void filesPutTogetherWithoutALineEndBetween() throws Exception {
        assertThat(read("{\"}\\\"}\":[{}]}{b}x\n}\n{\"c\n{d}", JsonRecords.Layout.LINES, 100))
                .containsExactly("1:{\"}\\\"}\":[{}]}", "1:{b}", "1:x", "2:}", "3:{\"c", "4:{d}");
    }

    @Test
    void bracesInStringsCountForNothing() throws Exception {
        assertThat(read("{\"a\":\"}\\\"{\\\\\"}\n{\n[]\n}{}", JsonRecords.Layout.STRUCTURE, 100))
                .containsExactly("1:{\"a\":\"}\\\"{\\\\\"}", "2:{\n[]\n}", "4:{}");
    }

    @Test
    void elementsOfAnArray() throws Exception {
        assertThat(read(" [\n{},\n{\"b\":[1]} ]\n", JsonRecords.Layout.STRUCTURE, 100))
                .containsExactly("2:{}", "3:{\"b\":[1]}");
        assertThat(read("[]", JsonRecords.Layout.STRUCTURE, 100)).isEmpty();
    }

    @Test
    void aRecordThatIsTooLongIsCutAndCostsNoOther() throws Exception {
        assertThat(read("{}\n0123456789\n{}", JsonRecords.Layout.LINES, 5)).containsExactly("1:{}", "2!01234", "3:{}");
        assertThat(read("{}{\"a\":\"0123\"}{}", JsonRecords.Layout.STRUCTURE, 5))
                .containsExactly("1:{}", "1!{\"a\":", "1:{}");
    }

    @Test
    void aBrokenStructureNamesItsLine() {
        assertThatThrownBy(() -> read("{}\n{\"a\":\n", JsonRecords.Layout.STRUCTURE, 100))
                .hasMessage("line 2: the file ends before this record does");
        assertThatThrownBy(() -> read("[{}\n", JsonRecords.Layout.STRUCTURE, 100))
                .hasMessage("line 2: the file ends before its array does");
        assertThatThrownBy(() -> read("[]\nx", JsonRecords.Layout.STRUCTURE, 100))
                .hasMessage("line 2: nothing is expected after the end of the array");
        assertThatThrownBy(() -> read("hello", JsonRecords.Layout.STRUCTURE, 100))
                .hasMessage("line 1: expected an object, found \"h\"");
    }

    @Test
    void oneLargeRecordAtATimeIsInMemoryHoweverManyReadersThereAre() throws Exception {
        byte[] file = ("{}\n{\"x\":\"" + "y".repeat(3_000_000) + "\"}\n{}\n").getBytes(StandardCharsets.UTF_8);
        Callable<JsonRecords> reader = () -> new JsonRecords(
                new ByteArrayInputStream(file), JsonRecords.Layout.LINES, 16_000_000, JsonRecords.newBuffer(), null);
        ExecutorService others = Executors.newSingleThreadExecutor();
        JsonRecords other = reader.call();
        try (JsonRecords records = reader.call()) {
            assertThat(records.next() && records.next()).isTrue();
            assertThat(records.length()).isGreaterThan(3_000_000);

            assertThat(others.submit(other::next).get()).isTrue();
            Future<Boolean> large = others.submit(other::next);
            await().until(JsonRecords.LARGE_RECORD::hasQueuedThreads);
            assertThat(large.isDone()).isFalse();
            assertThat(records.next()).isTrue();

            assertThat(large.get(30, TimeUnit.SECONDS)).isTrue();
            assertThat(other.length()).isGreaterThan(3_000_000);
            others.submit(() -> {
                        other.close();
                        return null;
                    })
                    .get();
            assertThat(JsonRecords.LARGE_RECORD.isLocked()).isFalse();
        } finally {
            others.shutdownNow();
        }
    }

    @Test
    void ofANumberThatIsLongNoMoreThanItsHashIsKept() {
        byte[] number = "9".repeat(5_000_000).getBytes(StandardCharsets.UTF_8);
        LastNumber last = new LastNumber();

        assertThat(last.is(number, 0, number.length)).isFalse();
        assertThat(last.is(number, 0, number.length)).isTrue();
        assertThat(last.is(number, 1, number.length)).isFalse();
        assertThat(last.last()).hasSizeLessThan(1_000);
        assertThat(last.first()).hasSizeLessThan(1_000);
    }
}
