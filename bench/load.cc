// Sends prepared HTTP requests over keep-alive connections as fast as they are answered.
//
//   load HOST PORT CONNECTIONS SECONDS FILE
//
// FILE holds raw requests, each preceded by its length as a decimal line. Each is sent once; the
// run ends with the file or the time. One thread and epoll, so that little of a small machine goes
// to the sender. Prints one JSON line: answers by status class, requests per second, latencies.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Totals {
  std::uint64_t ok = 0;
  std::uint64_t refused = 0;  // Answered, but not 2xx.
  std::uint64_t broken = 0;   // No connection, or closed before the answer was whole.
  std::vector<std::uint32_t> latencies_us;
};

std::vector<std::string> read_requests(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> requests;
  std::string line;
  while (std::getline(file, line)) {
    std::string request(std::strtoul(line.c_str(), nullptr, 10), '\0');
    if (!file.read(request.data(), static_cast<std::streamsize>(request.size()))) break;
    requests.push_back(std::move(request));
  }
  return requests;
}

// The length of a whole response at the front of `bytes`, or 0 while it is not whole.
std::size_t response_length(std::string_view bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  const std::size_t body = head + 4;
  for (const char* name : {"content-length: ", "Content-Length: "}) {
    const std::size_t at = bytes.substr(0, head).find(name);
    if (at == std::string_view::npos) continue;
    const std::size_t length = std::strtoul(bytes.data() + at + 16, nullptr, 10);
    return bytes.size() >= body + length ? body + length : 0;
  }
  const std::size_t end = bytes.find("0\r\n\r\n", body);  // Chunked.
  return end == std::string_view::npos ? 0 : end + 5;
}

class Connection {
 public:
  bool open(const sockaddr_in& address, int poller, std::uint32_t index) {
    close();
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (fd_ < 0) return false;
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close();
      return false;
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = index;
    return ::epoll_ctl(poller, EPOLL_CTL_ADD, fd_, &event) == 0;
  }

  bool send(const std::string& request) {
    started_ = Clock::now();
    received_.clear();
    std::size_t sent = 0;
    while (sent < request.size()) {  // Blocking: ends with the request or an error.
      const ssize_t n = ::send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    busy_ = true;
    return true;
  }

  enum class Read { kMore, kWhole, kClosed };

  Read receive() {
    char buffer[16384];
    const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return Read::kClosed;
    received_.append(buffer, static_cast<std::size_t>(n));
    return response_length(received_) > 0 ? Read::kWhole : Read::kMore;
  }

  void finish(Totals& totals) {
    busy_ = false;
    const bool ok = received_.size() > 9 && received_[9] == '2';
    ++(ok ? totals.ok : totals.refused);
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    totals.latencies_us.push_back(static_cast<std::uint32_t>(took.count()));
  }

  [[nodiscard]] bool is_busy() const { return busy_; }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    busy_ = false;
  }

 private:
  int fd_ = -1;
  bool busy_ = false;
  Clock::time_point started_;
  std::string received_;
};

struct Run {
  sockaddr_in address{};
  std::vector<std::string> requests;
  std::vector<Connection> connections;
  double seconds = 0;
};

Totals drive(Run& run) {
  Totals totals;
  const int poller = ::epoll_create1(0);
  std::size_t next = 0;
  const auto deadline = Clock::now() + std::chrono::duration<double>(run.seconds);
  const auto start_next = [&](std::uint32_t index) {
    Connection& connection = run.connections[index];
    if (next >= run.requests.size() || Clock::now() >= deadline) return;
    const bool open = connection.is_open() || connection.open(run.address, poller, index);
    if (!open || !connection.send(run.requests[next++])) {
      connection.close();
      ++totals.broken;
    }
  };
  for (std::uint32_t i = 0; i < run.connections.size(); ++i) start_next(i);
  const auto is_busy = [](const Connection& connection) { return connection.is_busy(); };
  while (std::any_of(run.connections.begin(), run.connections.end(), is_busy)) {
    epoll_event events[64];
    const int count = ::epoll_wait(poller, events, 64, 30'000);
    if (count == 0) break;  // Nothing for half a minute: whoever is left hangs.
    for (int i = 0; i < count; ++i) {
      const std::uint32_t index = events[i].data.u32;
      Connection& connection = run.connections[index];
      const auto read = connection.receive();
      if (read == Connection::Read::kMore) continue;
      if (read == Connection::Read::kClosed) {
        if (connection.is_busy()) ++totals.broken;
        connection.close();
      } else {
        connection.finish(totals);
      }
      start_next(index);
    }
  }
  ::close(poller);
  return totals;
}

std::uint32_t percentile(const std::vector<std::uint32_t>& sorted, std::size_t percent) {
  return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: load HOST PORT CONNECTIONS SECONDS FILE\n");
    return 2;
  }
  Run run;
  run.address.sin_family = AF_INET;
  run.address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
  if (::inet_pton(AF_INET, argv[1], &run.address.sin_addr) != 1) return 2;
  run.connections.resize(std::strtoul(argv[3], nullptr, 10));
  run.seconds = std::strtod(argv[4], nullptr);
  run.requests = read_requests(argv[5]);
  const auto started = Clock::now();
  Totals totals = drive(run);
  const double took = std::chrono::duration<double>(Clock::now() - started).count();
  std::sort(totals.latencies_us.begin(), totals.latencies_us.end());
  std::printf(
      "{\"ok\":%llu,\"refused\":%llu,\"broken\":%llu,\"seconds\":%.3f,\"per_second\":%.0f,"
      "\"p50_us\":%u,\"p99_us\":%u}\n",
      static_cast<unsigned long long>(totals.ok), static_cast<unsigned long long>(totals.refused),
      static_cast<unsigned long long>(totals.broken), took, static_cast<double>(totals.ok) / took,
      percentile(totals.latencies_us, 50), percentile(totals.latencies_us, 99));
  return 0;
}
