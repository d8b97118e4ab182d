curl -sSLu alice:secret -G 'http://api.example.test/search#x' -d 'q=a b' --data-urlencode 'r=ü&' --frobnicate
curl --json '{"a":1}' api.example.test/j
curl -XPOST -F file=@x http://api.example.test/f
curl 'http://api.example.test/open
